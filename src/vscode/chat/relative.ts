import { posix } from 'node:path';
import { formatCitation } from '../../core/grounding/citation.ts';

const LINK = /\[([^\]\n]*)\]\(([^()\s#]+)(?:#L(\d+)(?:-L?(\d+))?)?\)/g;

/**
 * Links of a document lead from its own folder, citations are told from the workspace's root. A link without lines is no
 * citation: its text stays.
 */
export function relativeCitations(markdown: string, folder: string): string {
  return markdown.replace(LINK, (_whole, label: string, path: string, start?: string, end = start) => {
    const file = posix.join(folder, decode(path));
    if (start === undefined || file.startsWith('..')) return label;
    return `[${formatCitation({ file, startLine: Number(start), endLine: Number(end) })}]`;
  });
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
