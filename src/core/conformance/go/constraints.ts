/** What a Go build is for; `tags` are those given on the command line. */
export interface GoTarget {
  readonly os: string;
  readonly arch: string;
  readonly cgo: boolean;
  readonly tags?: readonly string[];
  /** Minor version: 22 for Go 1.22. */
  readonly version?: number;
}

// From go/build: a name ends in _GOOS, _GOARCH or _GOOS_GOARCH only where these are known.
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  ),
);
const MACHINES = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);
const UNIX = new Set('aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris'.split(' '));
const IMPLIED: Record<string, string> = { android: 'linux', illumos: 'solaris', ios: 'darwin' };
const NEWEST = 99;

/** The file's whole constraint, from its name and from its comments; undefined for a file of every platform. */
export function constraintOf(fileName: string, comment: string | undefined): string | undefined {
  const parts = [...nameTags(fileName), ...(comment === undefined ? [] : [comment])];
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => (/^[\w.]+$/.test(part) ? part : `(${part})`)).join(' && ');
}

function nameTags(fileName: string): string[] {
  const stem = fileName.replace(/\..*$/, '').replace(/_test$/, '');
  const first = stem.indexOf('_');
  if (first < 0) return [];
  const words = stem.slice(first).split('_');
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (MACHINES.has(last)) return SYSTEMS.has(before) ? [before, last] : [last];
  return SYSTEMS.has(last) ? [last] : [];
}

/** Whether a file with this constraint belongs to a build. A constraint that cannot be read never holds. */
export function isBuiltFor(constraint: string | undefined, target: GoTarget): boolean {
  if (constraint === undefined) return true;
  const tags = new Set([target.os, target.arch, 'gc', ...(target.tags ?? [])]);
  const implied = IMPLIED[target.os];
  if (implied !== undefined) tags.add(implied);
  if (UNIX.has(target.os)) tags.add('unix');
  if (target.cgo) tags.add('cgo');
  const version = target.version ?? NEWEST;
  return (
    evaluate(constraint, (tag) => {
      const minor = /^go1\.(\d+)$/.exec(tag)?.[1];
      return minor === undefined ? tags.has(tag) : Number(minor) <= version;
    }) === true
  );
}

/** Whether some build holds the file. By custom `ignore` marks a program that is run by hand and belongs to no package. */
export function isEverBuilt(constraint: string | undefined): boolean {
  return constraint === undefined || evaluate(constraint, (tag) => (tag === 'ignore' ? false : undefined)) !== false;
}

type Truth = boolean | undefined;

/** Three-valued: `undefined` where it depends on tags that `holds` does not know. */
function evaluate(expression: string, holds: (tag: string) => Truth): Truth {
  const tokens = expression.match(/&&|\|\||[!()]|[\p{L}\p{Nd}_.]+|\S/gu) ?? [];
  let at = 0;
  let broken = false;
  const either = (): Truth => {
    let value = both();
    while (tokens[at] === '||') {
      at++;
      const right = both();
      value = value === true || right === true ? true : value === false && right === false ? false : undefined;
    }
    return value;
  };
  const both = (): Truth => {
    let value = one();
    while (tokens[at] === '&&') {
      at++;
      const right = one();
      value = value === false || right === false ? false : value === true && right === true ? true : undefined;
    }
    return value;
  };
  const one = (): Truth => {
    const token = tokens[at++];
    if (token === '!') {
      const value = one();
      return value === undefined ? undefined : !value;
    }
    if (token === '(') {
      const value = either();
      if (tokens[at++] !== ')') broken = true;
      return value;
    }
    if (token === undefined || !/^[\p{L}\p{Nd}_.]+$/u.test(token)) {
      broken = true;
      return false;
    }
    return holds(token);
  };
  const value = either();
  return broken || at < tokens.length ? false : value;
}
