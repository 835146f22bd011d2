import type { Files } from '../ports.ts';
import type { PlantedFile } from './defect.ts';

/** Writes files; the answer takes it back: what was there is as it was, and what was not is gone. */
export async function plant(
  files: Pick<Files, 'read' | 'write' | 'remove'>,
  planted: readonly PlantedFile[],
): Promise<() => Promise<void>> {
  const before: { readonly file: string; readonly text: string | undefined }[] = [];
  const restore = async () => {
    for (const { file, text } of before.toReversed()) {
      await (text === undefined ? files.remove(file) : files.write(file, text));
    }
  };
  try {
    for (const { file, content } of planted) {
      before.push({ file, text: await files.read(file) });
      await files.write(file, content);
    }
  } catch (error) {
    await restore();
    throw error;
  }
  return restore;
}
