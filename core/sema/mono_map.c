/* mono_map.c: the mono map document (section 7.5): which specialisations a program has and who asked for
 * them. Members are written in the order of their names, which makes the text canonical. */
#include "ast/json.h"
#include "sema/mono_inside.h"

static void
map_string(const char *name, const struct symbol *value, struct text *out)
{
    text_printf(out, "\"%s\":", name);
    ast_json_write_string(value->text, value->len, out);
}

static void
map_site(const struct mono_site *site, struct text *out)
{
    struct text pointer = {0};

    ast_loc_write(site->loc, &pointer);
    text_putc(out, '{');
    map_string("caller", site->caller, out);
    text_putc(out, ',');
    map_string("caller_module", site->module, out);
    text_puts(out, ",\"ptr\":");
    ast_json_write_string(text_string(&pointer), pointer.len, out);
    text_putc(out, '}');
    text_free(&pointer);
}

static void
map_item(const struct mono_item *item, struct text *out)
{
    text_putc(out, '{');
    map_string("def_module", item->module->id, out);
    text_putc(out, ',');
    map_string("generic", item->generic->name, out);
    for (uint32_t i = 0; i < item->site_count; i++) {
        text_puts(out, i ? "," : ",\"sites\":[");
        map_site(&item->sites[i], out);
    }
    text_puts(out, item->site_count ? "]," : ",");
    map_string("specialized", item->func->name, out);
    text_puts(out, ",\"type_args\":");
    for (uint32_t i = 0; i < item->generic->type_param_count; i++) {
        text_putc(out, i ? ',' : '[');
        mono_type_write(item->args[i], out);
    }
    text_puts(out, "]}");
}

void
mono_map_write(const struct program *program, struct text *out)
{
    const struct mono *mono = program->mono;
    const struct module *entry = program->modules[0];

    text_putc(out, '{');
    map_string("entry_module", entry->id, out);
    text_putc(out, ',');
    map_string("input_schema_version", entry->doc->schema_version, out);
    text_puts(out, ",\"items\":[");
    for (uint32_t i = 0; i < mono->item_count; i++) {
        text_puts(out, i ? "," : "");
        map_item(mono->items[i], out);
    }
    text_printf(out, "],\"limits\":{\"max_depth\":%d,\"max_specializations\":%d}", MONO_MAX_DEPTH,
                MONO_MAX_SPECIALISATIONS);
    text_puts(out, ",\"schema_version\":\"x07.mono.map@0.1.0\"");
    text_printf(out,
                ",\"stats\":{\"generic_functions_defined\":%u,\"specializations_emitted\":%u,"
                "\"tapp_sites_total\":%llu}",
                mono->generic_count, mono->item_count, (unsigned long long)mono->tapp_sites);
    text_puts(out, ",\"tool\":\"x07c\",\"tool_version\":\"0.1.41\"}\n");
}
