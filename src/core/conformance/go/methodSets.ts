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

interface Name {
  readonly signature: string | undefined;
  readonly isMethod: boolean;
  /** How often the name stands on its level. */
  readonly times: number;
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

  /**
   * The methods of a pointer to the type: its own, and those promoted from embedded types. As in Go the shallowest level
   * decides on a name, and a name that stands there twice, or is a field, is no method.
   */
  methodSet(type: GoType): MethodSet {
    const unseen: string[] = [];
    if (type.fact.kind === 'interface') {
      const methods = new Map<string, string | undefined>();
      this.#interfaceMethods(type, methods, unseen, new Set());
      return { methods, unseen };
    }
    const decided = new Map<string, Name>();
    const seen = new Set<GoType>();
    for (let level = new Map([[type, 1]]); level.size > 0; ) {
      const names = new Map<string, Name>();
      const next = new Map<GoType, number>();
      const add = (name: string, signature: string | undefined, isMethod: boolean, times: number) =>
        names.set(name, { signature, isMethod, times: times + (names.get(name)?.times ?? 0) });
      for (const [one, times] of level) {
        if (seen.has(one)) continue;
        seen.add(one);
        for (const [name, signature] of this.#ownMethods(one, unseen)) add(name, signature, true, times);
        for (const name of one.fact.fields) add(name, undefined, false, times);
        if (one.fact.kind === 'interface') continue;
        for (const embed of one.fact.embeds) {
          if (one.fact.kind === 'struct') add(embed.slice(embed.indexOf('.') + 1), undefined, false, times);
          const inner = this.#resolve(embed, one.file, one.folder);
          if (inner !== undefined) next.set(inner, times + (next.get(inner) ?? 0));
          else if (STANDARD[embed] === undefined) unseen.push(embed);
          else for (const name of STANDARD[embed] ?? []) add(name, undefined, true, times);
        }
      }
      for (const [name, entry] of names) if (!decided.has(name)) decided.set(name, entry);
      level = next;
    }
    const promoted = [...decided].filter(([, { isMethod, times }]) => isMethod && times === 1);
    return { methods: new Map(promoted.map(([name, { signature }]) => [name, signature])), unseen };
  }

  #ownMethods(type: GoType, unseen: string[]): Map<string, string | undefined> {
    const methods = new Map<string, string | undefined>();
    if (type.fact.kind === 'interface') this.#interfaceMethods(type, methods, unseen, new Set());
    for (const { name, signature } of this.#methods.get(`${type.folder}#${type.fact.name}`) ?? [])
      methods.set(name, signature);
    return methods;
  }

  /** Interfaces may say the same method twice. */
  #interfaceMethods(type: GoType, methods: Map<string, string | undefined>, unseen: string[], seen: Set<GoType>): void {
    if (seen.has(type)) return;
    seen.add(type);
    for (const { name, signature } of type.fact.methods) if (!methods.has(name)) methods.set(name, signature);
    for (const embed of type.fact.embeds) {
      const inner = this.#resolve(embed, type.file, type.folder);
      if (inner !== undefined) this.#interfaceMethods(inner, methods, unseen, seen);
      else if (STANDARD[embed] === undefined) unseen.push(embed);
      else for (const name of STANDARD[embed] ?? []) if (!methods.has(name)) methods.set(name, undefined);
    }
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
