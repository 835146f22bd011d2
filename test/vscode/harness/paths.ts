import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Downloads and builds of these tests; not part of the repository, can be deleted at any time. */
export const CACHE = join(ROOT, '.infrabuilder-cache');
export const SCREENSHOTS = join(ROOT, 'test', 'vscode', 'screenshots');
