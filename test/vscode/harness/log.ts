/** Logs of extension hosts, and our own output channel. */
const HOST = /exthost|InfraBuilder/i;
const OURS = /infrabuilder/i;
/** A refusal that a test provokes reaches the log when it comes from a command, as it would not from a person. */
const PROVOKED = /vscode\.executeDocumentRenameProvider/;

/**
 * What went wrong in our extension, from the logs by name: errors and exceptions with the lines of their stacks, and
 * every error in our own channel. Errors of VS Code's own extensions are not ours.
 */
export function extensionErrors(logs: ReadonlyMap<string, string>): readonly string[] {
  const found: string[] = [];
  for (const [name, text] of logs) {
    if (!HOST.test(name)) continue;
    const isOwn = OURS.test(name.slice(name.lastIndexOf('/') + 1));
    for (const entry of text.split(/\n(?=\d{4}-\d\d-\d\d[T ])/)) {
      // A host that ends in the middle of a call says so.
      if (!/\[error\]/.test(entry) || /: Canceled\s*$/.test(entry) || PROVOKED.test(entry)) continue;
      // VS Code itself lies in a folder that has our name.
      if (isOwn || OURS.test(entry.replaceAll(/\.infrabuilder-cache\/code-server/g, '')))
        found.push(`${name}: ${entry.trim()}`);
    }
  }
  return found;
}
