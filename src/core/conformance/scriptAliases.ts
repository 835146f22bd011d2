import { type Alias, joinPath } from './sources.ts';

type Names = Readonly<Record<string, unknown>>;

/** The aliases of one `tsconfig.json` (`paths`, `baseUrl`) or `package.json` (`imports`). Text that is not valid has none. */
export function scriptAliases(name: string, text: string, folder: string): Alias[] {
  const value = parse(text);
  if (name === 'package.json') return entries(value.imports, folder, folder);
  const { baseUrl, paths } = object(value.compilerOptions);
  const base = typeof baseUrl === 'string' ? joinPath(folder, baseUrl) : undefined;
  const found = entries(paths, folder, base ?? folder);
  return base === undefined ? found : [...found, { folder, pattern: '*', places: [base === '' ? '*' : `${base}/*`] }];
}

function entries(names: unknown, folder: string, base: string): Alias[] {
  return Object.entries(object(names)).flatMap(([pattern, targets]) => {
    const places = texts(targets).flatMap((target) => joinPath(base, target) ?? []);
    return places.length === 0 ? [] : [{ folder, pattern, places }];
  });
}

/** Also under conditions: `{"types": ..., "default": ...}`. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function object(value: unknown): Names {
  return typeof value === 'object' && value !== null ? (value as Names) : {};
}

/** These files may have comments and commas too many. */
function parse(text: string): Names {
  try {
    const bare = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
    return object(JSON.parse(bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1')));
  } catch {
    return {};
  }
}
