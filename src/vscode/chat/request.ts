/** Which of `names` a request names, in its order; case counts for nothing. */
export function named(prompt: string, names: readonly string[]): string[] {
  const words = (prompt.match(/[\p{L}\p{N}]+(?:[_.-][\p{L}\p{N}]+)*/gu) ?? []).map((word) => word.toLowerCase());
  const found = names.flatMap((name) => {
    const at = words.indexOf(name.toLowerCase());
    return at < 0 ? [] : [{ name, at }];
  });
  return found.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** What `/runbook` is to do: check it, or draft the section of a task. */
export function runbookRequest(prompt: string): 'check' | 'draft' {
  return /^\s*(?:draft|write|add)\b/i.test(prompt) ? 'draft' : 'check';
}
