/** Tells the local Gemini stand-in what to answer to prompts that hold `match`. */
export async function answerWith(match: string, steps: object[], then: object | null = null): Promise<void> {
  const control = process.env.E2E_STANDIN_URL;
  if (!control) throw new Error('E2E_STANDIN_URL says where the stand-in is');
  const response = await fetch(`${control}/__standin__/script`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ match, steps, then }),
  });
  if (!response.ok) throw new Error(`the stand-in refused the script: ${await response.text()}`);
}

let count = 0;

/** A word that no other prompt has. */
export function uniqueWord(): string {
  count += 1;
  return `word${Date.now()}x${count}`;
}
