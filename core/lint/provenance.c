/* provenance.c: see provenance.h. */
#include "lint/provenance.h"

#include "ast/json.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NODES = 128, MAX_EDGES = 256, MAX_LABEL = 256 };

static const char *const roles[] = {
    [PROVENANCE_OWNER] = "owner",   [PROVENANCE_TEMPORARY] = "temporary",
    [PROVENANCE_BORROW] = "borrow", [PROVENANCE_MOVE] = "move",
    [PROVENANCE_USE] = "use",
};

static bool
same_place(const struct ast_loc *a, const struct ast_loc *b)
{
    struct text left = {0};
    struct text right = {0};

    ast_loc_write(a, &left);
    ast_loc_write(b, &right);
    bool same = strcmp(text_string(&left), text_string(&right)) == 0;
    text_free(&left);
    text_free(&right);
    return same;
}

static void
write_pointer(const struct ast_loc *loc, struct text *out)
{
    struct text pointer = {0};

    ast_loc_write(loc, &pointer);
    ast_json_write_string(text_string(&pointer), pointer.len, out);
    text_free(&pointer);
}

static void
write_node(const struct provenance *graph, size_t index, struct text *out)
{
    const struct provenance_node *node = &graph->nodes[index];
    size_t len = strlen(node->label);

    text_printf(out, "{\"id\":\"n%zu\",\"label\":", index);
    /* A label is cut between characters. */
    if (len > MAX_LABEL) {
        len = MAX_LABEL;
        while (len && ((unsigned char)node->label[len] & 0xC0) == 0x80)
            len--;
    }
    ast_json_write_string(node->label, len, out);
    text_puts(out, ",\"ptr\":");
    write_pointer(node->loc, out);
    text_printf(out, ",\"role\":\"%s\"}", roles[node->role]);
}

/* The order of nodes: the violating one, those at the focus, the others. Returns how many are shown. */
static size_t
order_nodes(const struct provenance *graph, size_t *order, bool *shown)
{
    size_t count = 0;

    order[count++] = graph->violating_node;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < graph->node_count; i++)
            if (i != graph->violating_node && same_place(graph->nodes[i].loc, graph->focus) == (pass == 0))
                order[count++] = i;
    if (count > MAX_NODES)
        count = MAX_NODES;
    for (size_t i = 0; i < count; i++)
        shown[order[i]] = true;
    return count;
}

/* Returns how many were written. */
static size_t
write_edges(const struct provenance *graph, const bool *shown, struct text *out)
{
    size_t count = 0;

    text_puts(out, "{\"edges\":[");
    for (size_t i = 0; i < graph->edge_count && count < MAX_EDGES; i++) {
        const struct provenance_edge *edge = &graph->edges[i];

        if (!shown[edge->from] || !shown[edge->to])
            continue;
        text_printf(out, "%s{\"from\":\"n%zu\",\"kind\":\"%s\",\"to\":\"n%zu\"}", count++ ? "," : "",
                    edge->from, edge->kind, edge->to);
    }
    text_putc(out, ']');
    return count;
}

static void
write_truncation(size_t nodes, size_t edges, struct text *out)
{
    text_printf(out, ",\"truncated\":%s", nodes + edges ? "true" : "false");
    if (nodes + edges)
        text_printf(out,
                    ",\"truncation\":{\"dropped_edges\":%zu,\"dropped_nodes\":%zu,\"max_edges\":%d,"
                    "\"max_nodes\":%d}",
                    edges, nodes, MAX_EDGES, MAX_NODES);
}

void
provenance_attach(struct diagnostics *list, struct diagnostic *found, const struct provenance *graph)
{
    size_t *order = memory_alloc(sizeof *order * (graph->node_count + 1));
    bool *shown = memory_alloc(sizeof *shown * (graph->node_count + 1));
    size_t nodes = order_nodes(graph, order, shown);
    struct text out = {0};
    size_t edges = write_edges(graph, shown, &out);

    text_puts(&out, ",\"focus\":{\"ptr\":");
    write_pointer(graph->focus, &out);
    text_printf(&out, "},\"hints\":[{\"id\":\"%s\",\"kind\":\"repair_pattern\"}],\"nodes\":[", graph->hint);
    for (size_t i = 0; i < nodes; i++) {
        text_puts(&out, i ? "," : "");
        write_node(graph, order[i], &out);
    }
    text_puts(&out, "],\"schema_version\":\"x07.mem.provenance_graph@0.1.0\"");
    write_truncation(graph->node_count - nodes, graph->edge_count - edges, &out);
    text_printf(&out, ",\"violation\":{\"kind\":\"%s\",\"node\":\"n%zu\"}}", graph->violation,
                graph->violating_node);
    diagnostic_data(list, found, "mem_provenance", text_string(&out));
    if (nodes < graph->node_count || edges < graph->edge_count)
        diagnostic_note(list, found, "Provenance graph truncated (max_nodes=128, max_edges=256).");
    text_free(&out);
    free(order);
    free(shown);
}
