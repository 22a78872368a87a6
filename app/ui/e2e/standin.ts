/** Tells the local Gemini stand-in what to answer to prompts that hold `match`. */
export async function answerWith(match: string, steps: object[], then: object | null = null): Promise<void> {
  await steer('script', { match, steps, then });
}

/** Lets the answers to prompts that hold `match` come, which a step with `hold: true` keeps back. */
export async function release(match: string): Promise<void> {
  await steer('release', { match });
}

async function steer(command: string, body: object): Promise<void> {
  const control = process.env.E2E_STANDIN_URL;
  if (!control) throw new Error('E2E_STANDIN_URL says where the stand-in is');
  const response = await fetch(`${control}/__standin__/${command}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the stand-in refused the command: ${await response.text()}`);
}

let count = 0;

/** A word that no other prompt has. */
export function uniqueWord(): string {
  count += 1;
  return `word${Date.now()}x${count}`;
}
