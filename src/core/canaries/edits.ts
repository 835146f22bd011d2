import { posix } from 'node:path';
import type { CanaryEdit } from '../model/canary.ts';
import type { Config } from '../model/config.ts';
import { CONFIG_FILES } from '../project/layout.ts';
import type { PlantedFile } from './defect.ts';

/** What is wrong with one edit: `key` is the part of it that must be mended. */
export interface EditProblem {
  readonly code: 'canary.unknown-file' | 'canary.search-missing' | 'canary.search-twice' | 'canary.not-a-subject';
  readonly edit: number;
  readonly key: 'file' | 'search';
  readonly message: string;
}

export interface ResolvedEdits {
  readonly files: readonly PlantedFile[];
  readonly problems: readonly EditProblem[];
}

/** Applies edits in order to the texts that `read` gives. A text that is searched for must be there exactly once. */
export async function resolveEdits(
  edits: readonly CanaryEdit[],
  paths: Config['paths'],
  read: (file: string) => Promise<string | undefined>,
): Promise<ResolvedEdits> {
  const texts = new Map<string, string>();
  const problems: EditProblem[] = [];
  for (const [at, edit] of edits.entries()) {
    const file = posix.normalize(edit.file.replaceAll('\\', '/'));
    const wrong = (code: EditProblem['code'], key: EditProblem['key'], message: string) =>
      problems.push({ code, edit: at, key, message });
    if (isMeasure(file, paths)) {
      const message = `${file} is a part of what measures. A canary plants its defect in what is measured.`;
      wrong('canary.not-a-subject', 'file', message);
    } else if ('content' in edit) texts.set(file, edit.content);
    else {
      const text = texts.get(file) ?? (await read(file));
      const places = text === undefined ? 0 : text.split(edit.search).length - 1;
      if (text === undefined) wrong('canary.unknown-file', 'file', `There is no file ${file}.`);
      else if (places === 0)
        wrong('canary.search-missing', 'search', `${file} does not hold this text. Write it as it stands there.`);
      else if (places > 1)
        wrong(
          'canary.search-twice',
          'search',
          `${file} holds this text ${places} times. Write more of what is around it.`,
        );
      else texts.set(file, text.split(edit.search).join(edit.replace));
    }
  }
  return { files: [...texts].map(([file, content]) => ({ file, content })), problems };
}

/** Goals, limits, scenarios, evidence and git itself: with those changed, anything can be made red. */
function isMeasure(file: string, { reports, e2e }: Config['paths']): boolean {
  const isBelow = (folder: string) => folder !== '.' && (file === folder || file.startsWith(`${folder}/`));
  if (CONFIG_FILES.some((name) => name === file)) return true;
  return file.split('/').includes('.git') || ['.infrabuilder', clean(reports), clean(e2e)].some(isBelow);
}

function clean(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).replace(/(?<=.)\/$/, '');
}
