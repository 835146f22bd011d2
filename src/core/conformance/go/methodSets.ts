import type { FileFacts, MethodFact, TypeFact } from '../facts.ts';
import { go } from '../languages/go.ts';
import { folderOf, type Sources } from '../sources.ts';

export interface GoType {
  readonly fact: TypeFact;
  readonly file: string;
  readonly folder: string;
}

/** Interfaces of the standard library that are embedded again and again. Others are not visible here. */
const STANDARD: Readonly<Record<string, readonly string[]>> = {
  error: ['Error'],
  'io.Reader': ['Read'],
  'io.Writer': ['Write'],
  'io.Closer': ['Close'],
  'io.ReadCloser': ['Read', 'Close'],
  'io.ReadWriter': ['Read', 'Write'],
  'io.WriteCloser': ['Write', 'Close'],
  'io.ReadWriteCloser': ['Read', 'Write', 'Close'],
  'fmt.Stringer': ['String'],
  'http.Handler': ['ServeHTTP'],
  'sort.Interface': ['Len', 'Less', 'Swap'],
  'sync.Locker': ['Lock', 'Unlock'],
  'sync.Mutex': ['Lock', 'Unlock', 'TryLock'],
};

export interface MethodSet {
  /** An unknown signature is undefined. */
  readonly methods: ReadonlyMap<string, string | undefined>;
  /** Embedded types whose methods cannot be seen: they stand in other modules. */
  readonly unseen: readonly string[];
}

/** Types and methods of all Go packages of a tree, over all platforms. */
export class GoTypes {
  readonly #sources: Sources;
  readonly #types = new Map<string, GoType>();
  readonly #methods = new Map<string, MethodFact[]>();

  constructor(sources: Sources, files: Iterable<readonly [string, FileFacts]>) {
    this.#sources = sources;
    for (const [file, facts] of files) {
      const folder = folderOf(file);
      for (const fact of facts.types) {
        const key = `${folder}#${fact.name}`;
        if (!this.#types.has(key)) this.#types.set(key, { fact, file, folder });
      }
      for (const method of facts.methods) {
        const key = `${folder}#${method.receiver}`;
        const known = this.#methods.get(key);
        if (known === undefined) this.#methods.set(key, [method]);
        else known.push(method);
      }
    }
  }

  get all(): Iterable<GoType> {
    return this.#types.values();
  }

  find(folder: string, name: string): GoType | undefined {
    return this.#types.get(`${folder}#${name}`);
  }

  /** Own methods first, then those promoted from embedded types, at any depth. */
  methodSet(type: GoType): MethodSet {
    const methods = new Map<string, string | undefined>();
    const unseen: string[] = [];
    const visited = new Set<string>();
    const add = (name: string, signature: string | undefined) => {
      if (!methods.has(name)) methods.set(name, signature);
    };
    const visit = ({ fact, file, folder }: GoType): void => {
      const key = `${folder}#${fact.name}`;
      if (visited.has(key)) return;
      visited.add(key);
      for (const { name, signature } of [...fact.methods, ...(this.#methods.get(key) ?? [])]) add(name, signature);
      for (const embed of fact.embeds) {
        const inner = this.#resolve(embed, file, folder);
        if (inner !== undefined) visit(inner);
        else if (STANDARD[embed] !== undefined) for (const name of STANDARD[embed] ?? []) add(name, undefined);
        else unseen.push(embed);
      }
    };
    visit(type);
    return { methods, unseen };
  }

  #resolve(name: string, file: string, folder: string): GoType | undefined {
    const dot = name.indexOf('.');
    if (dot < 0) return this.find(folder, name);
    const [prefix, type] = [name.slice(0, dot), name.slice(dot + 1)];
    for (const fact of this.#sources.files.get(file)?.imports ?? []) {
      const target = go.resolve(fact, file, this.#sources);
      if (target.kind !== 'own') continue;
      const [first] = this.#sources.filesIn(target.path);
      const own = first === undefined ? undefined : this.#sources.files.get(first)?.package?.replace(/_test$/, '');
      if ((fact.alias ?? own) === prefix) return this.find(target.path, type);
    }
    return undefined;
  }
}

/** Package names and spellings of `any` aside, signatures of one method are equal text. */
export function sameSignature(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

function normal(signature: string): string {
  return signature
    .replace(/interface\s*\{\s*\}/g, 'any')
    .replace(/\b[\p{L}_][\p{L}\p{Nd}_]*\.(?=[\p{L}_])/gu, '')
    .replace(/\s+/g, '');
}
