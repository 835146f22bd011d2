const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/i;
/** Shorter values (`1`, `on`, `dev`) are not secrets, and blacking them out would make a log unreadable. */
const SHORTEST = 6;

/** The values of environment variables whose names look like KEY, TOKEN, SECRET or PASSWORD; each line of longer ones. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  const found = new Set<string>();
  for (const [name, value = ''] of Object.entries(env)) {
    if (!SECRET_NAME.test(name)) continue;
    for (const part of [value, ...value.split(/\r?\n/)]) {
      if (part.trim().length < SHORTEST) continue;
      found.add(part.trim());
      found.add(JSON.stringify(part.trim()).slice(1, -1));
    }
  }
  // Longest first: a secret that begins with another must not leave its tail behind.
  return [...found].sort((a, b) => b.length - a.length);
}

export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
}
