import type { SyntaxNode } from '../../ports.ts';
import type { MethodFact, ReceiverMethodFact, TypeFact } from '../facts.ts';
import { children, placeOf } from '../tree.ts';

export interface GoDeclarations {
  readonly types: readonly TypeFact[];
  readonly methods: readonly ReceiverMethodFact[];
}

/** The types and methods that a Go file declares at its top level, with embedded types and generic receivers. */
export function readGoDeclarations(root: SyntaxNode): GoDeclarations {
  const types: TypeFact[] = [];
  const methods: ReceiverMethodFact[] = [];
  for (const node of children(root)) {
    if (node.type === 'method_declaration') {
      const method = receiverMethod(node);
      if (method !== undefined) methods.push(method);
    } else if (node.type === 'type_declaration') {
      for (const spec of children(node)) {
        const type = typeFact(spec);
        if (type !== undefined) types.push(type);
      }
    }
  }
  return { types, methods };
}

function receiverMethod(node: SyntaxNode): ReceiverMethodFact | undefined {
  const name = node.childForFieldName('name')?.text;
  const [parameter] = children(node.childForFieldName('receiver'));
  const receiver = baseName(parameter?.childForFieldName('type') ?? undefined);
  if (name === undefined || receiver === undefined) return undefined;
  return { receiver, name, signature: signatureOf(node) };
}

function typeFact(spec: SyntaxNode): TypeFact | undefined {
  const nameNode = spec.childForFieldName('name');
  const type = spec.childForFieldName('type');
  if (nameNode === null || type === null) return undefined;
  const base = { name: nameNode.text, place: placeOf(nameNode), methods: [], embeds: [], fields: [] };
  if (spec.type === 'type_alias') return { ...base, kind: 'alias', embeds: embedded(type) };
  if (type.type === 'interface_type') return { ...base, kind: 'interface', ...interfaceParts(type) };
  return type.type === 'struct_type' ? { ...base, kind: 'struct', ...structParts(type) } : { ...base, kind: 'other' };
}

function interfaceParts(type: SyntaxNode): { methods: MethodFact[]; embeds: string[] } {
  const methods: MethodFact[] = [];
  const embeds: string[] = [];
  for (const part of children(type)) {
    const name = part.type === 'method_elem' ? part.childForFieldName('name')?.text : undefined;
    if (name !== undefined) methods.push({ name, signature: signatureOf(part) });
    else if (part.type === 'type_elem') {
      const [only, ...others] = children(part);
      if (only !== undefined && others.length === 0) embeds.push(...embedded(only));
    }
  }
  return { methods, embeds };
}

function structParts(type: SyntaxNode): { embeds: string[]; fields: string[] } {
  const embeds: string[] = [];
  const fields: string[] = [];
  for (const field of children(type).flatMap(children)) {
    if (field.type !== 'field_declaration') continue;
    const names = children(field).filter((child) => child.type === 'field_identifier');
    if (names.length > 0) fields.push(...names.map(({ text }) => text));
    else embeds.push(...embedded(field.childForFieldName('type') ?? undefined));
  }
  return { embeds, fields };
}

function embedded(type: SyntaxNode | undefined): string[] {
  const name = baseName(type);
  return name === undefined ? [] : [name];
}

/** `*Ring[T]` is `Ring`, `agent.Module` stays. */
function baseName(type: SyntaxNode | undefined): string | undefined {
  switch (type?.type) {
    case 'type_identifier':
    case 'qualified_type':
      return type.text.replace(/\s+/g, '');
    case 'generic_type':
      return baseName(type.childForFieldName('type') ?? undefined);
    case 'pointer_type':
    case 'parenthesized_type':
      return baseName(children(type)[0]);
    default:
      return undefined;
  }
}

/** Signatures repeat: `()` and `(ctx context.Context) error` stand in every other file. */
const known = new Map<string, string>();
const MAX_KNOWN = 10_000;

function signatureOf(node: SyntaxNode): string {
  const parameters = node.childForFieldName('parameters');
  const result = node.childForFieldName('result');
  const text = `${parameters?.text ?? ''} ${result?.text ?? ''}`;
  let signature = known.get(text);
  if (signature === undefined) {
    const results = result === null ? '' : result.type === 'parameter_list' ? typesOf(result) : plain(result);
    const bare = results.replace(/^\(([^,()]*)\)$/, '$1');
    signature = `${typesOf(parameters)}${bare === '' ? '' : ` ${bare}`}`;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, signature);
  }
  return signature;
}

/** `(a, b int, rest ...string)` is `(int, int, ...string)`. */
function typesOf(list: SyntaxNode | null): string {
  const types = children(list).flatMap((parameter) => {
    const type = plain(parameter.childForFieldName('type'));
    const shown = parameter.type === 'variadic_parameter_declaration' ? `...${type}` : type;
    const names = children(parameter).filter((child) => child.type === 'identifier').length;
    return Array.from({ length: Math.max(1, names) }, () => shown);
  });
  return `(${types.join(', ')})`;
}

function plain(node: SyntaxNode | null): string {
  return (node?.text ?? '').replace(/\s+/g, ' ');
}
