#!/usr/bin/env python3
"""generate.py: random well-typed x07AST programs, one a seed.

    tests/fuzz/programs/generate.py SEED > program.x07.json

The same seed gives the same program. The call heads come from core/sema/heads.def: a new one is picked up when all
its operand letters are known to heads.py."""
import json
import random
import sys

import heads
from library import FUNCTIONS, LibraryCalls
from state import OWNED, VIEWS, State, Stuck

HEADS = heads.read_heads()
OPERATORS = [name for name in heads.read_operators() if name not in ('&&', '||')]
TYPES = ['i32'] * 6 + ['bytes'] * 5 + ['vec_u8'] * 3 + ['bytes_view'] * 4 + [
    'option_i32', 'option_bytes', 'option_bytes', 'option_bytes_view', 'result_i32', 'result_bytes', 'result_bytes',
    'result_bytes_view', 'iface']
RESULTS = [type for type in TYPES if type != 'iface']
INTEGERS = [0, 1, 2, 3, 5, 7, 8, 10, 16, 31, 32, 48, 57, 100, 127, 128, 255, 256, 1000, 65535, 2147483647, -1, -2,
            -2147483648]
TEXTS = ['', 'a', 'x7', '12', '4096', 'hello, world', 'abcdefghijklmnop', ' 42 ', '\n', 'A?', 'caf\u00e9 \u2603',
         '4294967295']
# Constructors of handles: what the operands may be. A handle is an i32 that only heads of its family take.
ELEMENTS = {'i32': 1, 'bytes': 3, 'bytes_view': 4}
FAMILIES = ['map_u32', 'set_u32', 'vec_value', 'map_value', 'bufread', 'scratch_u8_fixed_v1']
CONSTRUCTORS = {'map_u32.new', 'set_u32.new', 'vec_value.with_capacity_v1', 'map_value.new_v1', 'bufread.new',
                'scratch_u8_fixed_v1.new'}
# Sizes are kept small, so that a program does not merely run out of memory.
SIZED = {'bytes.alloc': [0], 'vec_u8.with_capacity': [0], 'vec_u8.reserve_exact': [1], 'vec_u8.extend_zeroes': [1],
         'vec_value.reserve_exact': [1], 'io.read': [1], 'bufread.consume': [1], 'vec_value.set_i32_v1': [1],
         'vec_value.set_bytes_v1': [1], 'vec_value.set_bytes_view_v1': [1], 'process.set_exit_code_v1': [0]}
RARE = {'scratch_u8_fixed_v1.drop', 'iface.make_v1', 'process.set_exit_code_v1', 'vec_value.pop', 'bufread.consume'}
# These views live as long as what a handle names stays unchanged, which nobody checks: they are copied at once.
FLEETING = {head.name for head in HEADS if head.result in VIEWS and head.name.split('.')[0] in FAMILIES}
TRIES = {'i32': ['result_i32', 'result_bytes'], 'bytes': ['result_bytes', 'result_i32'],
         'bytes_view': ['result_bytes_view', 'result_i32']}
TRY_OPERANDS = {'i32': 'result_i32', 'bytes': 'result_bytes', 'bytes_view': 'result_bytes_view'}


def family_of(name):
    family = name.split('.')[0]
    return family if family in FAMILIES and name not in CONSTRUCTORS else None


def elements_of(name):
    """The element types that a head of a family names: () for any."""
    word = name.split('.')[1].replace('_v1', '')
    verb, _, rest = word.partition('_')
    found = []
    while rest:
        for element in ('bytes_view', 'bytes', 'i32'):
            if rest == element or rest.startswith(element + '_'):
                found.append(element)
                rest = rest[len(element) + 1:]
                break
        else:
            return ()
    return tuple(found)


class Function:
    def __init__(self, name, params, result, source=None):
        self.name, self.params, self.result, self.source = name, params, result, source


class Body(LibraryCalls):
    """Generates one body."""

    def __init__(self, program, result, params=()):
        self.program, self.random, self.result = program, program.random, result
        self.functions = program.functions
        self.state = State()
        self.source = None  # the parameter that a returned view borrows from
        self.nodes = self.random.randrange(60, 260)
        self.loops, self.loop_depth = 0, 0  # how many around, and the scope of the innermost one
        self.quiet = 0  # above 0: no return and no try
        for name, type in params:
            self.state.declare(name, type)
        self.state.scopes.append({})

    # ---- choices

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, items):
        if not items:
            raise Stuck
        return self.random.choice(items)

    def weighted(self, choices):
        choices = [choice for choice in choices if choice[0] > 0]
        return self.random.choices([make for _, make in choices], [weight for weight, _ in choices])[0]

    def attempt(self, makers, otherwise):
        for _ in range(4):
            saved, loops, depth, quiet = self.state.save(), self.loops, self.loop_depth, self.quiet
            try:
                return self.weighted(makers)()
            except Stuck:
                self.state.restore(saved)
                self.loops, self.loop_depth, self.quiet = loops, depth, quiet
        return otherwise()

    def fresh(self):
        """A name for a new local: sometimes that of an outer one, which it then hides."""
        inner = self.state.scopes[-1]
        names = [name for scope in self.state.scopes[:-1] for name in scope if
                 name not in inner and name not in ('acc', self.source)]
        if names and self.chance(8):
            return self.pick(names)
        self.program.names += 1
        return '%s%d' % (self.pick('abkuwxyz'), self.program.names)

    # ---- values: each returns (expression, owner of the view or None)

    def value(self, type, depth):
        self.nodes -= 1
        if depth <= 0 or self.nodes < 0:
            return self.leaf(type)
        makers = [
            (30, lambda: self.use(type)), (8, lambda: self.leaf(type)), (34, lambda: self.head_for(type, depth)),
            (7, lambda: self.choose(type, depth)), (6, lambda: self.block(type, depth)),
            (14, lambda: self.call_for(type, depth)),
            (24 if type == 'i32' else 0, lambda: self.operator(depth)),
            (7 if type == 'i32' else 0, lambda: self.logical(depth)),
            (8 if type == 'i32' else 0, lambda: self.careful_read(depth)),
            (6 if type == 'i32' else 0, lambda: self.assignment_value(depth)),
            (3 if type not in OWNED | VIEWS else 0, lambda: self.let_value(type, depth)),
            (9 if type in TRIES and self.result in TRIES[type] and not self.quiet else 0,
             lambda: self.attempt_value(type, depth)),
            (6 if type == 'bytes' else 0, lambda: self.copied(depth)),
            (5 if type not in VIEWS and type != 'iface' else 0, lambda: self.generic(type, depth)),
            (14, lambda: self.library_call(type, depth)),
        ]
        return self.attempt(makers, lambda: self.leaf(type))

    def plain(self, type, depth):
        return self.value(type, depth)[0]

    def leaf(self, type):
        if self.chance(50):
            try:
                return self.use(type)
            except Stuck:
                pass
        text = self.random.choice(TEXTS)
        small = self.random.choice(INTEGERS[:14])
        return {
            'i32': lambda: (self.random.choice(INTEGERS), None),
            'bytes': lambda: (['bytes.lit', text], None),
            'bytes_view': lambda: (self.random.choice(['input', ['bytes.view_lit', text]]), None),
            'vec_u8': lambda: (['vec_u8.with_capacity', small], None),
            'option_i32': lambda: (self.random.choice([['option_i32.none'], ['option_i32.some', small]]), None),
            'option_bytes': lambda: (self.random.choice(
                [['option_bytes.none'], ['option_bytes.some', ['bytes.lit', text]]]), None),
            'option_bytes_view': lambda: (self.random.choice(
                [['option_bytes_view.none'], ['option_bytes_view.some', 'input']]), None),
            'result_i32': lambda: ([self.random.choice(['result_i32.ok', 'result_i32.err']), small], None),
            'result_bytes': lambda: (self.random.choice(
                [['result_bytes.err', small], ['result_bytes.ok', ['bytes.lit', text]]]), None),
            'result_bytes_view': lambda: (self.random.choice(
                [['result_bytes_view.err', small], ['result_bytes_view.ok', ['bytes.view_lit', text]]]), None),
            'iface': lambda: (['io.open_read_bytes', ['bytes.lit', text]], None),
        }[type]()

    def use(self, type):
        state = self.state
        if type not in OWNED:
            local = self.pick(state.usable(type))
            return local.name, local.owner
        local = self.pick(state.movable(type))
        # A body of a loop that moves an outer variable finds it empty from the second round on.
        if self.loops and local.depth < self.loop_depth and not self.chance(25):
            raise Stuck
        local.moved = True
        return local.name, None

    def operator(self, depth):
        name = self.random.choice(OPERATORS)
        left = self.plain('i32', depth - 1)
        right = self.plain('i32', depth - 1)
        if name in ('<u', '>=u') and right == 0:
            right = 1
        return [name, left, right], None

    def logical(self, depth):
        left = self.plain('i32', depth - 1)
        right = self.enclosed('i32', depth - 1)
        return [self.random.choice(['&&', '||']), left, right], None

    def enclosed(self, type, depth):
        """A value whose lets stay inside."""
        return self.block(type, depth)[0] if self.chance(40) else self.without_lets(type, depth)

    def without_lets(self, type, depth):
        count = len(self.state.scopes[-1])
        value = self.plain(type, depth)
        if len(self.state.scopes[-1]) != count:
            raise Stuck
        return value

    def number(self, depth):
        return self.attempt([(1, lambda: self.without_lets('i32', depth))], lambda: self.random.choice(INTEGERS))

    def bind_view(self, type, depth):
        """A value for a binding: a view must borrow from what stays in scope."""
        value, owner = self.value(type, depth)
        if not self.state.reachable(owner):
            raise Stuck
        return value, owner

    def block(self, type, depth):
        outer = self.state.visible()
        with self.state.scope():
            items = self.statements(self.random.randrange(0, 3), depth - 1)
            value, owner = self.value(type, depth - 1)
        if not self.state.reachable(owner) or not (owner is None or owner in outer):
            raise Stuck
        return ['begin'] + items + [value], owner

    def choose(self, type, depth):
        condition = self.plain('i32', depth - 1)
        owners = []

        def branch():
            if not self.quiet and self.chance(8):
                return self.leave(depth), False
            value, owner = self.value(type, depth - 1)
            owners.append(owner)
            return value, True

        then, other = self.state.alternatives(branch, branch)
        if not owners:
            raise Stuck
        found = {owner for owner in owners if owner is not None}
        if len(found) > 1 or not all(self.state.reachable(owner) for owner in found):
            raise Stuck
        return ['if', condition, then, other], found.pop() if found else None

    def leave(self, depth):
        """A return. It changes nothing for what follows."""
        saved = self.state.save()
        value = self.tail(depth - 1)
        self.state.restore(saved)
        return ['return', value]

    def tail(self, depth):
        if self.result in VIEWS:
            return self.borrowed_tail(self.result, depth)
        return self.plain(self.result, depth)

    def borrowed_tail(self, type, depth):
        """A view to return: of one parameter, or of nothing."""
        if type == 'option_bytes_view':
            return ['option_bytes_view.none'] if self.chance(30) else ['option_bytes_view.some',
                                                                       self.borrowed_tail('bytes_view', depth)]
        if type == 'result_bytes_view':
            if self.chance(30):
                return ['result_bytes_view.err', self.plain('i32', depth - 1)]
            return ['result_bytes_view.ok', self.borrowed_tail('bytes_view', depth)]
        source = self.source
        choice = self.random.randrange(6 if depth > 0 else 2)
        if choice <= 1:
            return source if source else ['bytes.view_lit', self.random.choice(TEXTS)]
        if choice == 2:
            inner = source or 'input'
            return ['view.slice', inner, 0, ['%', self.number(depth - 1), ['+', ['view.len', inner], 1]]]
        if choice == 3:
            condition = self.number(depth - 1)
            then, other = self.state.alternatives(lambda: (self.borrowed_tail(type, depth - 1), True),
                                                  lambda: (self.borrowed_tail(type, depth - 1), True))
            return ['if', condition, then, other]
        if choice == 4:
            with self.state.scope():
                return ['begin'] + self.statements(1, depth - 1) + [self.borrowed_tail(type, depth - 1)]
        return 'input' if not source else source

    def assignment_value(self, depth):
        local = self.pick([local for local in self.state.usable('i32') if local.settable])
        value = self.plain('i32', depth - 1)
        return [self.random.choice(['set', 'set', 'set0']), local.name, value], None

    def let_value(self, type, depth):
        if self.quiet:
            raise Stuck
        value, owner = self.bind_view(type, depth - 1)
        name = self.fresh()
        self.state.declare(name, type, owner)
        return ['let', name, value], owner

    def attempt_value(self, type, depth):
        value, owner = self.value(TRY_OPERANDS[type], depth - 1)
        if type == 'bytes_view' and self.result == 'result_bytes_view' and owner is not None:
            raise Stuck
        return ['try', value], owner

    def copied(self, depth):
        """Fresh bytes from something that stays."""
        choice = self.random.randrange(3)
        if choice == 0:
            return ['__internal.bytes.clone_v1', self.pick(self.state.usable('bytes')).name], None
        if choice == 1:
            return ['view.to_bytes', ['bytes.view', self.pick(self.state.usable('bytes')).name]], None
        head = self.pick([head for head in HEADS if head.name in FLEETING and head.result == 'bytes_view'])
        return ['view.to_bytes', self.head(head, depth)[0]], None

    def generic(self, type, depth):
        if not self.program.generic:
            raise Stuck
        choice = self.random.randrange(6 if type in ('bytes', 'i32') else 3)
        if choice == 0:
            return ['tapp', 'main.same', ['tys', type], self.plain(type, depth - 1)], None
        if choice == 1:
            condition = self.plain('i32', depth - 1)
            first = self.plain(type, depth - 1)
            return ['tapp', 'main.either', type, condition, first, self.plain(type, depth - 1)], None
        if choice == 2:
            count = self.number(depth - 1)
            return ['tapp', 'main.again', ['tys', type], count, self.plain(type, depth - 1)], None
        if type != 'i32':
            return ['ty.clone', 'bytes', self.pick(self.state.usable('bytes')).name], None
        operands = [self.enclosed('i32', depth - 1), self.enclosed('i32', depth - 1)]
        if choice == 3:
            return ['tapp', 'main.larger', ['tys', self.random.choice(['i32', 'u32'])]] + operands, None
        return [self.random.choice(['ty.lt', 'ty.eq', 'ty.cmp']), self.random.choice(['i32', 'u32'])] + [
            operand if operand != 0 else 1 for operand in operands], None

    # ---- heads

    def careful_read(self, depth):
        """A read that is in range."""
        type, length, read = self.pick([('bytes', 'bytes.len', 'bytes.get_u8'), ('vec_u8', 'vec_u8.len', 'vec_u8.get'),
                                        ('bytes_view', 'view.len', 'view.get_u8')])
        local = self.pick(self.state.usable(type))
        self.state.pins.append(local)
        index = self.enclosed('i32', depth - 1)
        self.state.pins.pop()
        return ['if', [length, local.name], [read, local.name, ['%', index, [length, local.name]]], 0], None

    def head_for(self, type, depth):
        return self.head(self.pick([head for head in HEADS if head.result == type and head.name not in FLEETING and
                                    head.name not in CONSTRUCTORS]), depth)

    def head(self, head, depth):
        if head.name in RARE and not self.chance(10):
            raise Stuck
        fixed = self.fixed_operands(head, depth)
        operands, owners = [], []
        family = family_of(head.name)
        in_place = None
        with self.state.pinned():
            for i, operand in enumerate(head.operands):
                if i in fixed:
                    value, owner = fixed[i](), None
                elif i == 0 and family:
                    value, owner = self.handle(family, elements_of(head.name)), None
                elif i in SIZED.get(head.name, []):
                    value, owner = ['&', self.plain('i32', depth - 1), self.random.choice([3, 15, 63])], None
                elif operand.type == 'text':
                    value, owner = self.random.choice(TEXTS), None
                else:
                    value, owner, taken = self.operand(head, operand, depth)
                    in_place = taken or in_place
                if owner is not None:
                    self.state.pins.append(owner)
                operands.append(value)
                owners.append(owner)
        if in_place:
            in_place.moved = True
        return [head.name] + operands, self.result_owner(head, owners)

    def result_owner(self, head, owners):
        if head.result not in VIEWS or head.owner == 'NONE':
            return None
        found = {owner for owner in owners[:2 if head.owner == 'MERGE' else 1] if owner is not None}
        if len(found) > 1:
            raise Stuck
        return found.pop() if found else None

    def fixed_operands(self, head, depth):
        """Operands that make a trap unlikely, mostly."""
        if self.chance(6):
            return {}
        number = lambda below: lambda: self.random.randrange(below)
        byte = lambda: ['&', self.plain('i32', depth - 1), 255]
        literal = lambda *texts: lambda: ['bytes.view_lit', self.random.choice(texts)]
        read = {0: literal('hello, world', 'abcdefghijklmnop'), 1: number(4)}
        tables = {
            'bytes1': {0: byte}, 'bytes.get_u8': read, 'view.get_u8': read, 'codec.read_u32_le': read,
            'parse.u32_dec': {0: literal('0', '12', '4294967295')},
            'parse.u32_dec_at': {0: literal('0 12', '42,7'), 1: number(3)},
            'bytes.cmp_range': {**read, 2: number(6), 3: literal('hello', 'help me'), 4: number(3), 5: number(3)},
            'view.cmp_range': {**read, 2: number(6), 3: literal('hello', 'help me'), 4: number(3), 5: number(3)},
            'bytes.slice': {**({0: read[0]} if self.chance(50) else {}), 1: number(2), 2: number(2)},
            'view.slice': {1: number(2), 2: number(2)}, 'bytes.subview': {1: number(2), 2: number(2)},
            'vec_u8.extend_bytes_range': {1: read[0], 2: number(5), 3: number(5)}, 'vec_u8.push': {1: byte},
            'vec_u8.get': {1: number(2)}, 'vec_u8.set': {1: number(2), 2: byte}, 'bytes.set_u8': {1: number(2), 2: byte},
        }
        return tables.get(head.name, {})

    def operand(self, head, operand, depth):
        """(value, owner to pin, local that the operation consumes)"""
        state, type, mode = self.state, operand.type, operand.mode
        if type == 'reader':
            value, owner = self.value(self.random.choice(['bytes', 'bytes_view']), depth - 1)
            return value, owner, None
        stored = head.name.startswith(('vec_value.', 'map_value.'))
        if type in VIEWS and stored:
            return self.random.choice(['input', ['bytes.view_lit', self.random.choice(TEXTS)]]), None, None
        if mode == '&':
            owner = self.pick(state.usable(type))
            return owner.name, owner, None
        if mode == '!' and self.chance(70):
            local = self.pick(state.movable(type))
            if self.loops and local.depth < self.loop_depth and not self.chance(20):
                raise Stuck
            return local.name, local, local
        if mode in ('?', '^') and self.chance(70):
            locals = state.usable(type) if mode == '?' else state.movable(type)
            if locals:
                local = self.pick(locals)
                return local.name, local, None
        if mode in ('~', '*') and self.chance(60):
            locals = state.usable('bytes') + (state.usable('vec_u8') if mode == '*' else [])
            if locals:
                local = self.pick(locals)
                return local.name, local, None
            if self.chance(40):
                return self.plain('bytes', depth - 1), None, None
        if mode == '\\':
            outer = state.visible()
            with state.scope():
                value, owner = self.value(type, depth - 1)
            if not state.reachable(owner):
                raise Stuck
            return value, owner, None
        value, owner = self.value(type, depth - 1)
        return value, owner, None

    def handle(self, family, elements):
        prefix = 'handle:' + family
        locals = [local for local in self.state.visible() if local.type.split('/')[0] == prefix and
                  local.type.split('/')[1:][:len(elements)] == list(elements)]
        return self.pick(locals).name

    def new_handle(self, depth):
        family = self.pick(FAMILIES)
        size = self.random.choice([1, 2, 8, 16, 64])
        kinds, type = list(ELEMENTS), 'handle:' + family
        if family == 'vec_value':
            element = self.pick(kinds)
            value, type = ['vec_value.with_capacity_v1', ELEMENTS[element], size], type + '/' + element
        elif family == 'map_value':
            pair = [self.pick(kinds), self.pick(kinds)]
            value = ['map_value.new_v1', ELEMENTS[pair[0]], ELEMENTS[pair[1]], size]
            type = '/'.join([type] + pair)
        elif family == 'bufread':
            value = ['bufread.new', self.plain('iface', depth - 1), size]
        else:
            value = [family + '.new', size]
        name = self.fresh()
        self.state.declare(name, type, settable=False)
        return ['let', name, value]

    # ---- calls

    def call_for(self, type, depth):
        if self.loops > 1:
            raise Stuck
        return self.call(self.pick([function for function in self.functions if function.result == type]), depth)

    def call(self, function, depth):
        operands, source = [], None
        with self.state.pinned():
            for i, (_, type) in enumerate(function.params):
                value, owner = self.argument(type, depth, i == function.source)
                if i == function.source:
                    source = owner
                if owner is not None:
                    self.state.pins.append(owner)
                operands.append(value)
        return [function.name] + operands, source

    def argument(self, type, depth, lends):
        if type == 'bytes_view' and self.chance(50):
            locals = self.state.usable('bytes') + self.state.usable('vec_u8')
            if locals:
                local = self.pick(locals)
                return local.name, local
            if not lends and self.chance(50):
                return self.plain('bytes', depth - 1), None
        return self.value(type, depth - 1)

    # ---- statements

    def statements(self, count, depth):
        items = []
        for _ in range(count):
            if self.nodes > 0:
                items += self.statement(depth)
        return items

    def statement(self, depth):
        self.nodes -= 1
        makers = [(26, lambda: self.let(depth)), (16, lambda: self.assign(depth)), (10, lambda: self.update(depth)),
                  (12, lambda: self.if_statement(depth)), (9, lambda: self.loop(depth)),
                  (12, lambda: self.observe(depth)), (7, lambda: self.discard(depth)),
                  (4, lambda: self.inner_block(depth)), (6, lambda: [self.new_handle(depth)]),
                  (5, lambda: self.use_handle(depth))]
        return self.attempt(makers, lambda: [self.random.choice(INTEGERS)])

    def let(self, depth):
        type = self.random.choice(TYPES)
        value, owner = self.bind_view(type, depth)
        name = self.fresh()
        self.state.declare(name, type, owner)
        return [['let', name, value]]

    def assign(self, depth):
        state = self.state
        local = self.pick([local for local in state.visible() if local.settable and
                           not local.type.startswith('handle:') and not state.borrowed(local)])
        # Checked before the value is evaluated, so nothing in it may borrow what is assigned.
        value, owner = self.value(local.type, depth)
        if state.borrowed(local) or owner is local:
            raise Stuck
        if local.type in VIEWS:
            if not state.reachable(owner) or (owner is not None and owner.depth > local.depth):
                raise Stuck
            if owner is not local.owner and (local.branch != state.branch or self.loops):
                raise Stuck
            local.owner = owner
        local.moved = False
        return [[self.random.choice(['set', 'set', 'set', 'set0']), local.name, value]]

    def update(self, depth):
        """An in-place head, assigned to its own operand or to another variable."""
        head = self.pick([head for head in HEADS if head.operands and head.operands[0].mode == '!' and
                          head.operands[0].type == head.result])
        local = self.pick(self.state.movable(head.result))
        bound = len(self.state.scopes[-1])
        with self.state.pinned():
            self.state.pins.append(local)
            fixed = self.fixed_operands(head, depth)
            operands = []
            for i, operand in enumerate(head.operands[1:], 1):
                if i in fixed:
                    operands.append(fixed[i]())
                elif i in SIZED.get(head.name, []):
                    operands.append(['&', self.plain('i32', depth - 1), 15])
                else:
                    value, owner, taken = self.operand(head, operand, depth)
                    if owner is not None:
                        self.state.pins.append(owner)
                    operands.append(value)
        length = {'bytes': ['bytes.len', local.name], 'vec_u8': ['vec_u8.len', local.name]}[head.result]
        item = ['set', local.name, [head.name, local.name] + operands]
        if head.name in ('vec_u8.set', 'bytes.set_u8') and self.chance(80) and len(self.state.scopes[-1]) == bound:
            return [['if', ['<u', 1, length], item, 0]]
        return [item]

    def if_statement(self, depth):
        condition = self.plain('i32', depth - 1)

        def branch():
            if not self.quiet and self.chance(14):
                return self.leave(depth), False
            choice = self.random.randrange(4)
            if choice == 0:
                return 0, True
            if choice == 1:
                items = self.statement(depth - 1)
                if len(items) == 1:
                    return items[0], True
                return ['begin'] + (items or [0]), True
            with self.state.scope():
                return ['begin'] + self.statements(self.random.randrange(1, 4), depth - 1) + [0], True

        then, other = self.state.alternatives(branch, branch)
        return [['if', condition, then, other]]

    def loop(self, depth):
        if self.loops >= 2:
            raise Stuck
        reused = [local for local in self.state.usable('i32') if local.settable and local.name != 'acc']
        start = self.plain('i32', 0) if self.chance(8) else self.random.choice([0, 0, 0, 1, 2, -1])
        end = self.random.choice([0, 1, 2, 3, 8, 9, 12, 40]) if self.chance(60) else \
            ['&', self.plain('i32', depth - 1), self.random.choice([3, 7, 15])]
        if self.chance(15) and reused:
            local = self.pick(reused)
            name = local.name
        else:
            name = self.fresh()
            if any(local.name == name for local in self.state.visible()):
                raise Stuck
            local = self.state.declare(name, 'i32')
        settable, local.settable = local.settable, False
        outer = self.loop_depth
        self.loops += 1
        self.loop_depth = len(self.state.scopes) + 1
        with self.state.scope():
            if self.chance(60):
                with self.state.scope():
                    body = ['begin'] + self.statements(self.random.randrange(1, 4), depth - 1) + [0]
            else:
                items = self.statement(depth - 1)
                body = items[0] if len(items) == 1 else ['begin'] + (items or [0])
        self.loops -= 1
        self.loop_depth = outer
        local.settable = settable
        return [['for', name, start, end, body]]

    def observe(self, depth):
        """Mixes something into the accumulator, so that a wrong value shows."""
        local = self.pick([local for local in self.state.visible() if local.name == 'acc'])
        if local.type != 'i32':
            raise Stuck
        return [['set', 'acc', ['+', ['*', 'acc', 31], self.plain('i32', depth)]]]

    def discard(self, depth):
        value, _ = self.value(self.random.choice(TYPES), depth)
        return [value if not isinstance(value, str) else ['begin', value]]

    def inner_block(self, depth):
        with self.state.scope():
            return [['begin'] + (self.statements(self.random.randrange(1, 4), depth - 1) or [0])]

    def use_handle(self, depth):
        families = {local.type.split('/')[0][7:] for local in self.state.visible() if local.type.startswith('handle:')}
        head = self.pick([head for head in HEADS if family_of(head.name) in families and head.name not in FLEETING])
        return [self.head(head, depth)[0]]

    # ---- whole bodies

    def whole(self, depth):
        self.state.declare('acc', 'i32')
        items = [['let', 'acc', self.random.choice(INTEGERS)]]
        items += self.statements(self.random.randrange(2, 9), depth)
        if self.result in VIEWS:
            return ['begin'] + items + [self.borrowed_tail(self.result, depth)]
        self.quiet += 1
        tail = self.plain(self.result, depth)
        if self.result == 'bytes':
            tail = ['bytes.concat', ['fmt.s32_to_dec', 'acc'], tail]
        elif self.result == 'i32':
            tail = ['^', 'acc', tail]
        return ['begin'] + items + [tail]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0
        self.functions = []
        self.generic = self.random.random() < 0.4
        self.contracts = self.random.random() < 0.15  # the file is then checked more strictly
        self.imports = set()
        modules = sorted({function.module for function in FUNCTIONS})
        self.library = self.random.sample(modules, 3) if self.random.random() < 0.4 else []
        self.decls = generics() if self.generic else []
        for number in range(self.random.randrange(0, 5)):
            self.add_function('main.f%d' % number)
        body = Body(self, 'bytes')
        self.solve = body.whole(4)

    def add_function(self, name):
        params = [('p%d' % i, self.random.choice(TYPES)) for i in range(self.random.randrange(0, 4))]
        result = self.random.choice(RESULTS)
        source = None
        if result in VIEWS:
            views = [i for i, (_, type) in enumerate(params) if type == 'bytes_view']
            source = self.random.choice(views) if views else None
        body = Body(self, result, params)
        body.source = params[source][0] if source is not None else None
        # A small one is inlined or folded away; a body may also be an expression without a block.
        if result == 'i32' and self.random.random() < 0.2:
            params = [('p%d' % i, 'i32') for i in range(self.random.randrange(0, 3))]
            body = Body(self, result, params)
            body.functions, body.nodes, body.quiet = [], 12, 1
            tree = body.operator(2)[0]
        else:
            tree = body.whole(self.random.randrange(2, 5))
        if params and params[0][1] == 'i32' and result not in VIEWS and self.random.random() < 0.3:
            tree = self.recursive(name, params, result, tree)
        self.functions.append(Function(name, params, result, source))
        decl = {'kind': 'defn', 'name': name, 'result': result, 'body': tree,
                'params': [{'name': name, 'ty': type} for name, type in params]}
        if self.contracts:
            decl.update(clauses(self.random, params, result))
        self.decls.append(decl)

    def recursive(self, name, params, result, tree):
        """Calls itself a few times before the body."""
        body = Body(self, result, params)
        again = [name, ['&', ['-', 'p0', 1], 7]] + [body.leaf(type)[0] for _, type in params[1:]]
        return ['begin', ['if', ['&', 'p0', 7], again, tree]]

    def document(self):
        version = 'x07.x07ast@0.5.0' if self.contracts else 'x07.x07ast@0.3.0'
        return {'schema_version': version, 'kind': 'entry', 'module_id': 'main', 'imports': sorted(self.imports),
                'decls': self.decls, 'solve': self.solve}


def clauses(source, params, result):
    """Conditions on numbers that hold, mostly."""
    numbers = [name for name, type in params if type == 'i32']
    texts = [name for name, type in params if type in ('bytes', 'bytes_view')]
    kinds = {'requires': numbers, 'ensures': numbers + (['__result'] if result == 'i32' else []), 'invariant': numbers}
    found = {}
    for kind, names in kinds.items():
        if not names or source.random() < 0.4:
            continue
        name = source.choice(names)
        condition = source.choice([['=', name, name], ['!=', ['%', name, 9], 9], ['||', ['<', name, 0], ['>=', name, 0]],
                                   ['if', ['bytes.len', 'input'], 1, ['<=u', 0, name]], ['!=', name, 77]])
        found[kind] = [{'expr': condition, 'witness': [name]}]
        if texts and kind != 'ensures' and source.random() < 0.5:
            found[kind].append({'expr': ['<=u', ['bytes.len', source.choice(texts)], 100000], 'witness': [name]})
    return found


def generics():
    variable = ['t', 'A']
    return [
        {'kind': 'defn', 'name': 'main.same', 'type_params': [{'name': 'A'}], 'result': variable,
         'params': [{'name': 'x', 'ty': variable}], 'body': 'x'},
        {'kind': 'defn', 'name': 'main.either', 'type_params': [{'name': 'A'}], 'result': variable,
         'params': [{'name': 'c', 'ty': 'i32'}, {'name': 'x', 'ty': variable}, {'name': 'y', 'ty': variable}],
         'body': ['if', 'c', 'x', 'y']},
        {'kind': 'defn', 'name': 'main.again', 'type_params': [{'name': 'A'}], 'result': variable,
         'params': [{'name': 'n', 'ty': 'i32'}, {'name': 'x', 'ty': variable}],
         'body': ['begin', ['for', 'i', 0, ['&', 'n', 15], ['begin', ['if', ['=', 'i', 7], ['return', 'x'], 0],
                                                           ['set', 'x', ['tapp', 'main.same', ['tys', variable], 'x']]]],
                  'x']},
        {'kind': 'defn', 'name': 'main.larger', 'type_params': [{'name': 'A', 'bound': 'orderable'}], 'result': variable,
         'params': [{'name': 'x', 'ty': variable}, {'name': 'y', 'ty': variable}],
         'body': ['tapp', 'main.either', ['tys', variable], ['ty.lt', variable, 'x', 'y'], 'y', 'x']}]


def generate(seed):
    return Program(seed).document()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(generate(int(sys.argv[1]))))


if __name__ == '__main__':
    main()
