"""library.py: calls of the standard library for random programs: which functions there are, and expressions that call
them. A container is mostly built by its own module, so that most calls find what they expect. Knows nothing of locals:
the body that asks makes the other operands."""
import json
import os

from heads import ROOT
from state import Stuck, VIEWS

MODULES = {'bit', 'bitset', 'btree_map', 'btree_set', 'bytes', 'codec', 'csv', 'deque', 'deque_u32', 'fmt', 'hash',
           'hash_map', 'hash_set', 'heap', 'heap_u32', 'json', 'lru_cache', 'map', 'option', 'parse', 'path', 'prng',
           'regex-lite', 'result', 'set', 'slab', 'slice', 'small_map', 'small_set', 'text.ascii', 'text.slices',
           'text.utf8', 'u32', 'vec'}
TYPES = {'i32', 'bytes', 'bytes_view', 'vec_u8', 'option_i32', 'option_bytes', 'result_i32', 'result_bytes'}
# How a module's own value is called where it is the first operand.
CONTAINERS = {'bitset', 'btree_map', 'btree_set', 'deque', 'deque_u32', 'hash_map', 'hash_set', 'heap', 'heap_u32',
              'lru_cache', 'slab', 'small_map', 'small_set'}
LAYERS = 4  # of calls around a constructor


class Function:
    def __init__(self, row):
        self.name, self.module = row['name'], row['name'].rsplit('.', 1)[0]
        self.variables = [parameter['name'] for parameter in row.get('type_params', ())]
        self.params = [plain(parameter['ty']) for parameter in row['params']]
        self.result = plain(row['result'])
        self.container = self.module[len('std.'):] in CONTAINERS
        self.constructor = self.name.rsplit('.', 1)[1].startswith(('new', 'empty', 'with_capacity'))


def plain(type):
    """The type that a call of the function with i32 for its type variables has; None for one made of others."""
    if isinstance(type, list):
        return 'i32' if type[0] == 't' else None
    return type


def is_plain(row):
    """Whether it ends at once, numbers will do for its type variables, and no operand needs a brand."""
    if row.get('async') or row.get('kind') == 'defasync':
        return False
    return not any(parameter.get('bound') == 'bytes_like' for parameter in row.get('type_params', ())) and \
        not any('brand' in parameter for parameter in row['params'])


def read_functions():
    with open(os.path.join(ROOT, 'tests', 'stdlib', 'signatures.jsonl'), encoding='utf-8') as lines:
        rows = [json.loads(line) for line in lines]
    functions = [Function(row) for row in rows if is_plain(row) and
                 row['name'].rsplit('.', 1)[0][len('std.'):] in MODULES]
    return [function for function in functions if TYPES.issuperset(function.params) and function.result in TYPES]


FUNCTIONS = read_functions()


class LibraryCalls:
    """What a body has besides: it makes operands and chooses."""

    def library_call(self, type, depth):
        if not self.program.library:
            raise Stuck
        self.nodes -= 12
        results = {type, 'bytes_view'} if type == 'bytes' else {type}
        functions = [function for function in FUNCTIONS if function.result in results - (VIEWS - {'bytes_view'}) and
                     function.module in self.program.library]
        function = self.pick(functions)
        with self.state.pinned():
            call = self.library_function(function, depth, LAYERS)
        return (['view.to_bytes', call] if function.result in VIEWS else call), None

    def library_function(self, function, depth, layers):
        self.program.imports.add(function.module)
        operands = [self.library_operand(function, i, type, depth, layers) for i, type in enumerate(function.params)]
        if not function.variables:
            return [function.name] + operands
        types = [self.random.choice(['i32', 'i32', 'u32']) for _ in function.variables]
        return ['tapp', function.name, ['tys', *types], *operands]

    def library_operand(self, function, index, type, depth, layers):
        if function.container and not index and not function.constructor and self.chance(95):
            return self.container(function, type, depth, layers)
        if type == 'i32':
            value = self.plain('i32', depth - 1)
            return value if self.chance(15) else ['&', value, self.random.choice([7, 31, 127])]
        if type in VIEWS and function.result in VIEWS:
            return self.random.choice(['input', ['bytes.view_lit', 'some text, 17\r\n\r\nand more\n']])
        value, owner = self.argument(type, depth, False)
        if owner is not None:
            self.state.pins.append(owner)
        return value

    def container(self, function, type, depth, layers):
        """A value of the function's module, from a constructor and some calls around it."""
        wanted = 'bytes' if type == 'bytes_view' else type
        near = [other for other in FUNCTIONS if other.module == function.module and other.result in (wanted, 'vec_u8')]
        makers = [other for other in near if other.constructor]
        if type != 'i32' and layers and self.chance(65):
            makers = [other for other in near if not other.constructor and other.result == wanted] or makers
            layers = self.random.randrange(layers)
        maker = self.pick(makers)
        value = self.library_function(maker, min(depth, 1), layers)
        if maker.result == 'vec_u8' and wanted != 'vec_u8':
            return ['vec_u8.into_bytes', value]
        return value
