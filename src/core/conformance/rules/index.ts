import type { Rule } from '../../model/conformance.ts';
import type { Context, Finding } from '../context.ts';
import { acyclic } from './acyclic.ts';
import { boundary } from './boundary.ts';
import { independent } from './independent.ts';
import { interfaceRule } from './interface.ts';
import { layers } from './layers.ts';
import { pattern } from './pattern.ts';
import { structure } from './structure.ts';

/** Evaluates the rule at `index` of the rules file. A new kind is one file and one line here. */
export function evaluate(rule: Rule, context: Context, index: number): Finding {
  switch (rule.kind) {
    case 'structure':
      return structure(rule, context, index);
    case 'boundary':
      return boundary(rule, context, index);
    case 'layers':
      return layers(rule, context, index);
    case 'acyclic':
      return acyclic(rule, context);
    case 'independent':
      return independent(rule, context, index);
    case 'interface':
      return interfaceRule(rule, context, index);
    case 'pattern':
    case 'resource':
      return pattern(rule, context, index);
  }
}
