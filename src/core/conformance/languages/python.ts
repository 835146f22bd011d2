import type { ImportFact } from '../facts.ts';
import { oneLine } from '../facts.ts';
import { folderOf, joinPath, type Sources, type Target } from '../sources.ts';
import { children, placeOf } from '../tree.ts';
import { capture, importFrom, type Language } from './language.ts';

const STANDARD = new Set(
  '__future__ _thread abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib ntpath numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'.split(
    ' ',
  ),
);

const ROOTS = ['', 'src', 'lib'];

/** Python: import and from-import, relative ones too; a name after `from x import` may be a module of its own. */
export const python: Language = {
  grammars: { py: 'python', pyi: 'python' },
  isTest: (path) => /(^|\/)(tests?\/|test_[^/]*\.py$|conftest\.py$)|_test\.py$/.test(path),
  imports: {
    query: `
      (import_statement name: (dotted_name) @path) @whole
      (import_statement name: (aliased_import name: (dotted_name) @path)) @whole
      (import_from_statement) @from`,
    read(match) {
      const path = capture(match, 'path');
      if (path !== undefined) return [importFrom(path)];
      const from = capture(match, 'from');
      const module = from?.childForFieldName('module_name');
      if (from === undefined || module === null || module === undefined) return [];
      const names = children(from).filter((child) => child.id !== module.id);
      return names.map((node): ImportFact => {
        const name = node.type === 'aliased_import' ? (node.childForFieldName('name')?.text ?? '') : node.text;
        const text = oneLine(`from ${module.text} import ${name}`);
        return {
          path: module.text,
          place: placeOf(module),
          text,
          ...(node.type === 'wildcard_import' ? {} : { names: [name] }),
        };
      });
    },
  },
  resolve(fact, file, sources) {
    const dots = /^\.*/.exec(fact.path)?.[0].length ?? 0;
    const parts = fact.path
      .slice(dots)
      .split('.')
      .filter((part) => part !== '');
    if (dots > 0) {
      const base = joinPath(folderOf(file), '../'.repeat(dots - 1) || '.');
      if (base === undefined) return { kind: 'external', name: fact.path };
      return find(base, parts, fact, sources) ?? { kind: 'own', path: [base, ...parts].filter(Boolean).join('/') };
    }
    for (const root of [...ROOTS, folderOf(file)]) {
      const own = find(root, parts, fact, sources);
      if (own !== undefined) return own;
    }
    return { kind: STANDARD.has(parts[0] ?? '') ? 'std' : 'external', name: fact.path };
  },
};

function find(root: string, parts: readonly string[], fact: ImportFact, sources: Sources): Target | undefined {
  const module = [root, ...parts].filter((part) => part !== '').join('/');
  const name = fact.names?.[0];
  const inner = name === undefined || module === '' ? name : `${module}/${name}`;
  const candidates = [
    ...(inner === undefined ? [] : moduleFiles(inner)),
    ...(module === '' ? [] : moduleFiles(module)),
  ];
  return sources.find(candidates);
}

function moduleFiles(module: string): string[] {
  return [`${module}.py`, `${module}.pyi`, `${module}/__init__.py`, module];
}
