"""heads.py: the rows of core/sema/heads.def, as Python values. Knows nothing of programs."""
import ast
import collections
import os
import re
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..')
SEMA = os.path.join(ROOT, 'core', 'sema')
LETTERS = {'i': 'i32', 'h': 'i32', 'b': 'bytes', 'v': 'bytes_view', 'u': 'vec_u8', 'f': 'iface', '1': 'option_i32',
           '2': 'option_bytes', '3': 'option_bytes_view', '4': 'result_i32', '5': 'result_bytes',
           '6': 'result_bytes_view', 'T': 'text', 'R': 'reader'}
# Heads with any other flag need an unsafe block, a world, an archive of their own, or a module of the library.
KNOWN_FLAGS = {'0', 'AT', 'BOTH', 'MAP', 'VALUE', 'IO', 'SAME', 'COPY', 'AS_VIEW', 'CHECKED'}

Head = collections.namedtuple('Head', 'name operands result owner effect')
Operand = collections.namedtuple('Operand', 'mode type')


def preprocess(define, name):
    source = '#define %s\n#include "%s"\n' % (define, name)
    done = subprocess.run(['cc', '-E', '-P', '-I', SEMA, '-x', 'c', '-'], input=source, text=True, check=True,
                          capture_output=True)
    return [line for line in re.sub(r'\s*@@\s*', '\n@@', done.stdout).split('\n') if line.startswith('@@')]


def read_types():
    """The source name of each type id."""
    rows = preprocess('TYPE(id, name, ...) @@ #id name', 'types.def')
    pairs = [re.match(r'@@"(\w+)" (.*)', row).groups() for row in rows]
    return {id: name.strip('" ') for id, name in pairs}


def read_operands(text):
    """The operands, or None when a letter is not known here."""
    operands, mode = [], ''
    for c in text:
        if c in '?!&~*^\\':
            mode = c
        elif c in LETTERS:
            operands.append(Operand(mode, LETTERS[c]))
            mode = ''
        else:
            return None
    return operands


def read_heads():
    types, heads = read_types(), []
    for row in preprocess('HEAD(id, name, operands, result, brand, owner, effect, flags, texts) '
                          '@@ (name, operands, #result, #owner, #effect, #flags)', 'heads.def'):
        name, operands, result, owner, effect, flags = ast.literal_eval(row[2:].replace('\n', ' '))
        if set(re.findall(r'\w+', flags)) - KNOWN_FLAGS:
            continue
        operands = read_operands(operands)
        if operands is not None and types.get(result, 'NULL') != 'NULL':
            heads.append(Head(name, operands, types[result], owner, effect))
    return heads


def read_operators():
    return [ast.literal_eval(row[2:]) for row in preprocess('OPERATOR(id, name, ...) @@ name', 'operators.def')]
