import type { ResourceCheck } from '../model/conformance.ts';
import type { NotPlace } from './patterns.ts';

interface Preset {
  readonly title: string;
  readonly expect: 'absent' | 'present';
  readonly message: string;
  readonly query: string;
  readonly not: readonly { readonly query: string; readonly where: NotPlace }[];
}

const call = (pkg: string, ...names: string[]) => `
  (call_expression
    function: (selector_expression operand: (identifier) @package field: (field_identifier) @function)
    (#eq? @package "${pkg}") (#any-of? @function ${names.map((name) => `"${name}"`).join(' ')}))`;

/** `name := pkg.Open(...)`, also with `=`: the name that must be closed is in @name. */
const opened = (pkg: string, ...names: string[]) =>
  ['short_var_declaration', 'assignment_statement']
    .map(
      (kind) => `
  ((${kind} left: (expression_list . (identifier) @name) right: (expression_list . (call_expression
    function: (selector_expression operand: (identifier) @package field: (field_identifier) @function)))) @hit
    (#eq? @package "${pkg}") (#any-of? @function ${names.map((name) => `"${name}"`).join(' ')}))`,
    )
    .join('');

const method = (...names: string[]) => `
  ((call_expression function: (selector_expression operand: (identifier) @name field: (field_identifier) @method)) @hit
    (#any-of? @method ${names.map((name) => `"${name}"`).join(' ')}))
  ((selector_expression operand: (identifier) @name field: (field_identifier) @method) @hit
    (#any-of? @method ${names.map((name) => `"${name}"`).join(' ')}))`;

/** The value leaves the function: returned, passed on, put into a literal or a field. Who gets it must close it. */
const HANDED_ON = `
  (return_statement (expression_list (identifier) @name)) @hit
  (argument_list (identifier) @name) @hit
  (literal_element (identifier) @name) @hit
  (assignment_statement left: (expression_list (selector_expression)) right: (expression_list (identifier) @name)) @hit
  (send_statement value: (identifier) @name) @hit`;

/** What `kind: resource` looks for in Go. Heuristics on syntax: advisory unless a rule says otherwise. */
export const RESOURCES: Record<ResourceCheck, Preset> = {
  'memory-limit': {
    title: 'Memory limit',
    expect: 'present',
    message: 'No memory limit is set: call debug.SetMemoryLimit, or read a limit and act on it.',
    query: `${call('debug', 'SetMemoryLimit', 'FreeOSMemory')} @hit
      ((selector_expression field: (field_identifier) @field) @hit (#match? @field "^(Max|Limit).*(RSS|Rss|Memory|Mem)|(RSS|Rss|Memory|Mem).*(Limit|Max|Budget)"))`,
    not: [],
  },
  'cpu-throttling': {
    title: 'CPU throttling',
    expect: 'present',
    message: 'Nothing limits CPU: call runtime.GOMAXPROCS, or read CPU use and back off.',
    query: `${call('runtime', 'GOMAXPROCS')} @hit
      ((selector_expression field: (field_identifier) @field) @hit (#match? @field "^(Max|Limit).*C[Pp][Uu]|C[Pp][Uu].*(Limit|Max|Budget|Throttle)|[Tt]hrottle"))`,
    not: [],
  },
  'file-descriptors': {
    title: 'File descriptors',
    expect: 'absent',
    message: 'is opened and not closed in this function',
    query: `${opened('os', 'Open', 'OpenFile', 'Create', 'CreateTemp', 'Pipe')}${opened('net', 'Dial', 'DialTimeout', 'Listen', 'ListenPacket')}`,
    not: [
      { query: method('Close', 'Shutdown'), where: 'function' },
      { query: HANDED_ON, where: 'function' },
    ],
  },
  timers: {
    title: 'Timers',
    expect: 'absent',
    message: 'is started and not stopped in this function',
    query: `${opened('time', 'NewTicker', 'NewTimer')}${call('time', 'Tick')} @hit`,
    not: [
      { query: method('Stop'), where: 'function' },
      { query: HANDED_ON, where: 'function' },
    ],
  },
  'http-timeouts': {
    title: 'HTTP time-outs',
    expect: 'absent',
    message: 'has no time-out: set Timeout on an http.Client of your own',
    query: `
      ((composite_literal type: (qualified_type package: (package_identifier) @package name: (type_identifier) @type)) @hit
        (#eq? @package "http") (#eq? @type "Client"))
      ${call('http', 'Get', 'Head', 'Post', 'PostForm')} @hit
      ((selector_expression operand: (identifier) @package field: (field_identifier) @field) @hit
        (#eq? @package "http") (#eq? @field "DefaultClient"))`,
    not: [
      {
        query: `((keyed_element key: (literal_element (identifier) @key)) @hit (#eq? @key "Timeout"))`,
        where: 'inside',
      },
    ],
  },
};
