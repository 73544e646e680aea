#!/usr/bin/env python3
"""Writes docs/language-status.md from the compiler's tables of heads and the library's modules.

    docs/status.py            writes the page
    docs/status.py --check    exit 1 when the page is not what the tables say
"""
import itertools
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SEMA = os.path.join(HERE, '..', 'core', 'sema')
PAGE = os.path.join(HERE, 'language-status.md')

# The letters of heads.def's operands.
TYPES = {'i': 'i32', 'h': 'i32 or task handle', 'j': 'i32 or handle of bytes',
         'J': 'i32 or handle of result_bytes', 't': 'task slot', 'e': 'select event', 'b': 'bytes', 'v': 'bytes_view', 'u': 'vec_u8', 'f': 'iface', '1': 'option_i32',
         '2': 'option_bytes', '3': 'option_bytes_view', '4': 'result_i32', '5': 'result_bytes',
         '6': 'result_bytes_view', '7': 'result_result_bytes', 'R': 'bytes, bytes_view or vec_u8', 'T': 'text',
         'N': 'name', 'X': 'a local', 'p': 'a raw pointer', 'q': 'a raw pointer but to void',
         'c': 'ptr_const_u8 or ptr_mut_u8', 'C': 'ptr_mut_u8', 'k': 'ptr_const_i32 or ptr_mut_i32', 'K': 'ptr_mut_i32',
         'd': 'ptr_const_void or ptr_mut_void', 'D': 'ptr_mut_void'}
RESULTS = {'VIEW': 'bytes_view', 'VEC': 'vec_u8', 'OPTION_VIEW': 'option_bytes_view',
           'RESULT_VIEW': 'result_bytes_view', 'TASK_SLOT': 'task slot'}
MODES = '?!&~*^\\'

HEADER = '''# What of the language can be compiled today

<!-- Written by docs/status.py from the tables in core/sema. -->

X07 programs of schemas 0.3.0 to 0.5.0 are read completely. Built: functions, generics, contracts, modules and imports,
the core forms (`begin`, `unsafe`, `let`, `set`, `set0`, `if`, `for`, `return`, `try`), brands, move and borrow checking,
exact fuel, memory statistics, traps with pointers, asynchronous functions with their tasks, channels, task scopes
(`task.scope_v1`) and selects (`task.scope.select_v1`, `task.scope.select_try_v1`).
Whatever stands under "Not built yet" is refused by a compile error that names the head, where a program reaches it.
'''


def rows(table, macro):
    """The arguments of every MACRO(...) row of a table, as strings, quotes removed."""
    with open(os.path.join(SEMA, table), encoding='utf-8') as lines:
        text = re.sub(r'/\*.*?\*/', '', lines.read(), flags=re.S)
    for row in re.finditer(r'^%s\((.*?)\)$' % macro, text, flags=re.S | re.M):
        yield [part.strip().strip('"') for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^,"]+', row.group(1))
               if part.strip()]


def operands(letters):
    letters = [letter for letter in letters.replace('\\\\', '\\') if letter not in MODES]
    unknown = [letter for letter in letters if letter not in TYPES]
    if unknown:
        sys.exit('docs/status.py does not know the operand %r of heads.def' % unknown[0])
    return ', '.join(TYPES[letter] for letter in letters)


def modules():
    """Ids of the standard library's modules that are there, from their files."""
    root = os.path.join(HERE, '..', 'core', 'stdlib')
    paths = (os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names
             if name.endswith('.x07.json'))
    return sorted(path[:-len('.x07.json')].replace(os.sep, '.') for path in paths)


def family(name):
    return name.split('.')[0] if '.' in name else name


def page():
    out = [HEADER, '## Operators\n\n', 'On two i32: ' + ', '.join(
        '`%s`' % row[1] for row in rows('operators.def', 'OPERATOR')) + '.\n']
    out.append('\n## Built-in heads\n\n| head | operands | result |\n|---|---|---|\n')
    for row in rows('heads.def', 'HEAD'):
        result = RESULTS.get(row[3], row[3].lower()) if len(row) > 3 else ''
        out.append('| `%s` | %s | %s |\n' % (row[1], operands(row[2]), result))
    out.append('\n## Standard library modules\n\n' + ', '.join('`%s`' % module for module in modules()) + '.\n')
    later = sorted(row[0] for row in rows('future_heads.def', 'FUTURE'))
    out.append('\n## Not built yet\n\n')
    for name, heads in itertools.groupby(later, family):
        out.append('- ' + ', '.join('`%s`' % head for head in heads) + '\n')
    return ''.join(out)


def main():
    text = page()
    if sys.argv[1:] == ['--check']:
        with open(PAGE, encoding='utf-8') as current:
            if current.read() != text:
                sys.exit('docs/language-status.md is out of date: run docs/status.py')
        return
    with open(PAGE, 'w', encoding='utf-8') as out:
        out.write(text)


if __name__ == '__main__':
    main()
