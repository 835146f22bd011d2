const PATIENCE_MS = 20_000;
const STEP_MS = 20;

/** Waits for what another process does; says what did not happen. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await new Promise((go) => setTimeout(go, STEP_MS))) {
    if (await holds()) return;
  }
  throw new Error(`It did not happen: ${what}.`);
}
