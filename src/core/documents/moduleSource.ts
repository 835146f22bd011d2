import type { SyntaxLanguage } from '../model/conformance.ts';
import { TextLines } from '../parse/textLines.ts';
import type { Files, SyntaxNode, SyntaxTrees } from '../ports.ts';

/** A name that a file declares at its top level. */
export interface CodeSymbol {
  /** `Module`, `Module.Init`. */
  readonly name: string;
  readonly kind: 'type' | 'function' | 'method';
  readonly line: number;
  readonly exported: boolean;
}

export interface ModuleFile {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly lines: number;
  readonly test: boolean;
  readonly symbols: readonly CodeSymbol[];
}

export interface SourceReader {
  readonly files: Files;
  readonly trees: SyntaxTrees;
  /** The grammar of a file and whether it holds tests; undefined for a file that is no source. */
  readonly languageOf: (path: string) => { readonly grammar: SyntaxLanguage; readonly test: boolean } | undefined;
}

const MOST_FILES = 200;
const SKIPPED = new Set(['node_modules', 'vendor', 'testdata', '.git']);

/** The source files below a folder, sorted by path, with what each declares. Empty where there is no such folder. */
export async function readModule(reader: SourceReader, folder: string): Promise<readonly ModuleFile[]> {
  const paths: string[] = [];
  await walk(reader, folder.replace(/\/+$/, ''), paths);
  const found: ModuleFile[] = [];
  for (const path of paths.sort()) {
    const language = reader.languageOf(path);
    const text = language === undefined ? undefined : await reader.files.read(path).catch(() => undefined);
    if (language === undefined || text === undefined) continue;
    const grammar = await reader.trees.grammar(language.grammar);
    const symbols = grammar.read(text, (root) => topLevel(root, language.grammar));
    found.push({ path, lines: new TextLines(text).count, test: language.test, symbols });
  }
  return found;
}

async function walk(reader: SourceReader, folder: string, paths: string[]): Promise<void> {
  for (const { name, kind } of await reader.files.list(folder)) {
    if (paths.length >= MOST_FILES) return;
    const path = folder === '.' ? name : `${folder}/${name}`;
    if (kind === 'folder' && !SKIPPED.has(name)) await walk(reader, path, paths);
    else if (kind === 'file' && reader.languageOf(path) !== undefined) paths.push(path);
  }
}

const WRAPPERS =
  /^(?:export_statement|decorated_definition|type_declaration|namespace_definition|declaration_list|template_declaration)$/;
const FUNCTION = /^(?:function_(?:declaration|definition|item|signature)|generator_function_declaration)$/;
const METHOD = /^method_declaration$/;
const TYPE =
  /^(?:type_spec|type_alias|(?:abstract_)?class_(?:declaration|definition|specifier)|interface_declaration|type_alias_declaration|enum_(?:declaration|item|specifier)|struct_(?:item|specifier)|trait_item|record_declaration)$/;

function* declarations(node: SyntaxNode): Generator<SyntaxNode> {
  for (const child of node.namedChildren) {
    if (child === null) continue;
    if (WRAPPERS.test(child.type)) yield* declarations(child);
    else yield child;
  }
}

function topLevel(root: SyntaxNode, language: SyntaxLanguage): CodeSymbol[] {
  const symbols: CodeSymbol[] = [];
  for (const node of declarations(root)) {
    const kind = METHOD.test(node.type)
      ? 'method'
      : FUNCTION.test(node.type)
        ? 'function'
        : TYPE.test(node.type)
          ? 'type'
          : undefined;
    const name = nameOf(node);
    if (kind === undefined || name === undefined) continue;
    const receiver = kind === 'method' ? receiverOf(node) : undefined;
    const line = node.startPosition.row + 1;
    const exported = isExported(node, name, language);
    symbols.push({ name: receiver === undefined ? name : `${receiver}.${name}`, kind, line, exported });
  }
  return symbols;
}

/** C++ hides the name of a function in its declarator. */
function nameOf(node: SyntaxNode): string | undefined {
  const direct = node.childForFieldName('name')?.text;
  if (direct !== undefined) return direct;
  const declarator = node.childForFieldName('declarator');
  return declarator?.childForFieldName('declarator')?.text;
}

function receiverOf(node: SyntaxNode): string | undefined {
  const text = node.childForFieldName('receiver')?.text ?? '';
  return /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*\)$/.exec(text)?.[1];
}

function isExported(node: SyntaxNode, name: string, language: SyntaxLanguage): boolean {
  switch (language) {
    case 'go':
      return /^\p{Lu}/u.test(name);
    case 'python':
      return !name.startsWith('_');
    case 'rust':
    case 'java':
      return /^\s*pub(?:lic)?\b/.test(node.text);
    case 'cpp':
      return true;
    default:
      return node.parent?.type === 'export_statement';
  }
}
