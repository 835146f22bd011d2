import { posix } from 'node:path';
import type { SyntaxNode } from '../../ports.ts';
import { type ImportFact, oneLine } from '../facts.ts';
import { folderOf, nearest, type Sources, type Target } from '../sources.ts';
import { children, placeOf } from '../tree.ts';
import { capture, type Language } from './language.ts';

/** Rust: use trees, mod, extern crate, and paths from `crate` or `super` in the code itself. */
export const rust: Language = {
  grammars: { rs: 'rust' },
  isTest: (path) => /(^|\/)(tests|benches)\//.test(path),
  imports: {
    query: `
      (use_declaration argument: (_) @use)
      (mod_item name: (identifier) @mod !body)
      (extern_crate_declaration name: (identifier) @crate)
      (call_expression function: (scoped_identifier) @inline)
      (scoped_type_identifier) @inline`,
    read(match) {
      const use = capture(match, 'use');
      if (use !== undefined) return useTree(use, '');
      const module = capture(match, 'mod');
      if (module !== undefined) return [fact(`self::${module.text}`, module, `mod ${module.text}`)];
      const crate = capture(match, 'crate');
      if (crate !== undefined) return [fact(crate.text, crate, `extern crate ${crate.text}`)];
      const inline = capture(match, 'inline');
      const path = inline?.text.replace(/\s+/g, '').replace(/<.*$/, '');
      return inline !== undefined && path !== undefined && /^(crate|super)::/.test(path)
        ? [fact(path, inline, path)]
        : [];
    },
  },
  resolve({ path }, file, sources) {
    const crate = nearest(sources.manifests.rust, file);
    const root = [crate?.folder ?? '', 'src'].filter((part) => part !== '').join('/');
    const here = moduleOf(file, root);
    const parts = path.split('::').filter((part) => part !== '' && part !== '*');
    const [first = ''] = parts;
    if (first === 'crate') return inCrate(root, parts.slice(1), sources);
    if (first === 'self') return inCrate(root, [...here, ...parts.slice(1)], sources);
    if (first === 'super') {
      const ups = parts.findIndex((part) => part !== 'super');
      const rest = ups < 0 ? [] : parts.slice(ups);
      return inCrate(root, [...here.slice(0, here.length - (ups < 0 ? parts.length : ups)), ...rest], sources);
    }
    const other = sources.manifests.rust.find((one) => one.path.replaceAll('-', '_') === first);
    if (other !== undefined) return inCrate([other.folder, 'src'].filter(Boolean).join('/'), parts.slice(1), sources);
    const child = sources.find(moduleFiles([root, ...here, first].join('/')));
    if (child !== undefined) return inCrate(root, [...here, ...parts], sources);
    return { kind: /^(std|core|alloc|proc_macro|test)$/.test(first) ? 'std' : 'external', name: path };
  },
};

function fact(path: string, node: SyntaxNode, text: string): ImportFact {
  return { path, place: placeOf(node), text: oneLine(text) };
}

/** `a::{b, c::{self, D as E}, *}` gives a::b, a::c, a::c::D and a::*. */
function useTree(node: SyntaxNode, prefix: string): ImportFact[] {
  const join = (path: string) => [prefix, path].filter((part) => part !== '').join('::');
  switch (node.type) {
    case 'use_list':
      return children(node).flatMap((child) => useTree(child, prefix));
    case 'scoped_use_list': {
      const list = node.childForFieldName('list');
      const path = join(node.childForFieldName('path')?.text ?? '');
      return list === null ? [] : useTree(list, path);
    }
    case 'use_as_clause': {
      const path = node.childForFieldName('path');
      return path === null ? [] : useTree(path, prefix);
    }
    case 'self':
      if (prefix !== '') return [fact(prefix, node, `use ${prefix}`)];
  }
  const path = join(node.text.replace(/\s+/g, ''));
  return [fact(path, node, `use ${path}`)];
}

/** src/a/b.rs and src/a/b/mod.rs are [a, b]; the crate's root is []. */
function moduleOf(file: string, root: string): string[] {
  const inside = root !== '' && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : posix.basename(file);
  const parts = inside.replace(/\.rs$/, '').split('/');
  if (['mod', 'lib', 'main'].includes(parts.at(-1) ?? '')) parts.pop();
  return parts;
}

/** The innermost module of the path that has a file; what follows are items in it. */
function inCrate(root: string, parts: readonly string[], sources: Sources): Target {
  for (let length = parts.length; length > 0; length--) {
    const found = sources.find(moduleFiles([root, ...parts.slice(0, length)].join('/')));
    if (found !== undefined) return found;
  }
  return sources.find([`${root}/lib.rs`, `${root}/main.rs`]) ?? { kind: 'own', path: folderOf(`${root}/lib.rs`) };
}

function moduleFiles(module: string): string[] {
  return [`${module}.rs`, `${module}/mod.rs`];
}
