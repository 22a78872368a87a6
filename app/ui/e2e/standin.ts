/** Sets the answers of the local Gemini stand-in to prompts that contain `match`. */
export async function answerWith(match: string, steps: object[], then: object | null = null): Promise<void> {
  await steer('script', { match, steps, then });
}

/** Sends the answers to prompts that contain `match`, and the rest of them, that `hold: true` or `holdAfter: pieces` holds back. */
export async function release(match: string): Promise<void> {
  await steer('release', { match });
}

async function steer(command: string, body: object): Promise<void> {
  const control = process.env.E2E_STANDIN_URL;
  if (!control) throw new Error('Set E2E_STANDIN_URL to the address of the stand-in');
  const response = await fetch(`${control}/__standin__/${command}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the stand-in rejected the command: ${await response.text()}`);
}

let count = 0;

/** Returns a word that no other prompt contains. */
export function uniqueWord(): string {
  count += 1;
  return `word${Date.now()}x${count}`;
}
