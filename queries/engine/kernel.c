/* The path search on integers: exact, k best, loopless, signed. Loaded by kernel.py through ctypes; no Python in here.
 *
 * The method and why it is exact: docs/engine.md. Search.py holds the same search in Python; tests compare both.
 *
 * Layers. layer[r] gives for each state (node, direction, automaton state) the least packed cost to a goal within r steps,
 * fore[d] the least packed cost from a source in d steps. An entry is (epoch << 49) + code, a better cost having a higher
 * code, so that whatever an earlier search left behind is less than any entry of this one: nothing is ever cleared.
 * Whatever a damaged file says, no number is used as an index before it was compared with a size.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <windows.h>
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#if defined(__GNUC__) || defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#define AHEAD(address) __builtin_prefetch(address)
#else
#define INLINE static inline
#define AHEAD(address) ((void)0)
#endif

enum { STEPS = 64, STATES = 64, STEP_BITS = 6, CODE_BITS = 48, EPOCH_BITS = 49, LAST_EPOCH = 16000, FIRST_SLOTS = 1024 };
enum { DONE = 0, FOUND = 1, RUNNING = 2, PAIR = 3, OUT_OF_ROOM = 4, GIVE_UP = 5, DAMAGED = -1, NO_MEMORY = -2 };
enum { CHUNK = 1 << 15, FAR = 64, LARGE = 1 << 18, NEAR = 24, GROWTH = 64, NOWHERE = -1, ROW_ENDS = 2 };
#define CODES ((int64_t)1 << CODE_BITS)
#define SHUT ((int64_t)3 << (CODE_BITS - 1)) /* above the base: a state that no path enters */
#define LIMIT ((uint64_t)CODES - 2) /* packed costs are below this */
#define NONE UINT32_MAX

typedef struct {
    uint32_t node, cost, class_;
    uint16_t relation;
    uint8_t kind;
    int8_t sign;
} record;

typedef struct {
    uint64_t nodes, arcs;
    const int64_t *offsets;
    const record *records;
    const uint32_t *node_costs;
    const uint8_t *node_kinds;
    const int64_t *in_offsets;
    const record *in_records;
    const uint32_t *in_arcs;
} table;

typedef struct {
    uint64_t sources_count, goals_count, avoid_count, groups_count, classes_count, room, horizon, budget;
    const uint32_t *sources, *goals, *avoid, *group_nodes;
    const int8_t *source_directions, *goal_directions;
    const uint8_t *inner_kinds, *last_kinds, *inner_nodes, *relations, *arc_mask, *accepting;
    const uint32_t *costs, *node_costs, *class_costs;
    const int8_t *transitions;
    const uint16_t *relation_groups, *kind_groups, *group_values;
    int32_t max_steps, min_steps, pairs, states, symbols, head_groups, start, reserved;
} query;

typedef struct {
    uint64_t cost, coherence;
    uint32_t first, second, steps, pruned;
    uint32_t arcs[STEPS];
} answer;

typedef struct {
    int64_t *at;
    uint32_t *touched; /* the nodes that have an entry of this search */
    uint64_t *bits;    /* the same as a set: small enough for the cache where the entries of a large graph are not */
    size_t capacity, count;
} level;

typedef struct {
    uint64_t value;
    uint32_t arc, head;
} item;

typedef struct {
    uint64_t key, spent, paired;
    uint32_t parent, arc, head, class_, list, place;
    uint8_t depth, direction, state, resolved;
} entry;

typedef struct {
    uint64_t key;
    uint32_t entry;
} waiting;

typedef struct {
    size_t first, count, sorted, blocks;
    int shift;
} children; /* the items from first on: `sorted` in order, then the rest, whose best one in each block of 2^shift is known */

typedef struct {
    uint64_t key; /* 0: free */
    uint64_t value;
} slot;

typedef struct {
    slot *slots;
    size_t size, used;
} dictionary;

typedef enum { PLAN, BACK, AHEAD_ONE, MEET, ROOTS, SEARCH, END } phase;

typedef struct {
    table t;
    query q;
    level back[STEPS], fore[STEPS];
    const level *layer[STEPS]; /* layer[r]: back[r], or that of an earlier r when nothing changed since */
    int epoch;
    int64_t base, top, floor_back, floor_fore;
    uint64_t cut_back, cut_fore;
    int width, plain, large, lone, by_cost, pruned;
    phase phase;
    int reached_back, reached_fore, meeting; /* layers ready, levels ready, level being met */
    size_t at;
    int64_t from;
    uint64_t cost_fore, goal_arcs;
    int64_t ticks;
    uint64_t scanned; /* arcs and entries that the bound has cost */
    item *items;
    size_t items_count, items_size;
    entry *entries;
    size_t entries_count, entries_size;
    waiting *heap;
    size_t heap_count, heap_size;
    children *lists;
    size_t lists_count, lists_size;
    uint32_t *blocks;
    size_t blocks_count, blocks_size;
    dictionary known, pairs;
    uint32_t pending;
    size_t root;
} work;

/* Two ways to bound a search. Without a horizon, layers and levels are made hop by hop, the cheaper side first, until they
 * meet: everything within half of the steps. With one (paths dearer than it do not count) they are made by cost: levels up
 * to 3/10 of it and layers up to 7/10, whatever the number of steps. Either is exact. The second gives up after `budget`. */
static int64_t now(void) {
#ifdef _WIN32
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (int64_t)((double)count.QuadPart * 1e9 / (double)frequency.QuadPart);
#else
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
#endif
}

/* ---- memory ---------------------------------------------------------------------------------------------------------- */

static int grow(void **data, size_t *size, size_t needed, size_t width) {
    if (needed <= *size) return 1;
    size_t more = *size < 512 ? 1024 : *size * 2;
    if (more < needed) more = needed;
    if (more > SIZE_MAX / width) return 0;
    void *moved = realloc(*data, more * width);
    if (!moved) return 0;
    *data = moved;
    *size = more;
    return 1;
}
#define GROW(w, name, needed) grow((void **)&(w)->name, &(w)->name##_size, (needed), sizeof *(w)->name)

static size_t hash(uint64_t key) {
    key ^= key >> 31;
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key ^ (key >> 29));
}

static slot *find(const dictionary *d, uint64_t key) {
    size_t i = hash(key) & (d->size - 1);
    while (d->slots[i].key && d->slots[i].key != key) i = (i + 1) & (d->size - 1);
    return &d->slots[i];
}

static int empty(dictionary *d) {
    if (d->size != FIRST_SLOTS) {
        free(d->slots);
        d->slots = malloc(FIRST_SLOTS * sizeof(slot));
        d->size = d->slots ? FIRST_SLOTS : 0;
    }
    if (d->size) memset(d->slots, 0, d->size * sizeof(slot));
    d->used = 0;
    return d->size != 0;
}

static int put(dictionary *d, uint64_t key, uint64_t value) {
    if (2 * (d->used + 1) > d->size) {
        dictionary larger = {calloc(d->size * 2, sizeof(slot)), d->size * 2, d->used};
        if (!larger.slots) return 0;
        for (size_t i = 0; i < d->size; i++)
            if (d->slots[i].key) *find(&larger, d->slots[i].key) = d->slots[i];
        free(d->slots);
        *d = larger;
    }
    slot *place = find(d, key);
    d->used += !place->key;
    place->key = key;
    place->value = value;
    return 1;
}

static int ready(work *w, level *l) {
    size_t needed = (size_t)w->t.nodes * (size_t)w->width;
    const size_t words = (size_t)w->t.nodes / 64 + 1;
    if (!l->touched && !(l->touched = malloc(((size_t)w->t.nodes + 1) * sizeof *l->touched))) return 0;
    if (!l->bits && !(l->bits = calloc(words, sizeof *l->bits))) return 0;
    if (l->count > words) memset(l->bits, 0, words * sizeof *l->bits);
    else for (size_t i = 0; i < l->count; i++) l->bits[l->touched[i] >> 6] = 0;
    l->count = 0;
    if (l->capacity >= needed) return 1;
    free(l->at);
    l->at = calloc(needed, sizeof *l->at); /* pages that no search touches cost nothing */
    l->capacity = l->at ? needed : 0;
    return l->at != NULL;
}

/* ---- states ---------------------------------------------------------------------------------------------------------- */

INLINE size_t place_of(const work *w, uint32_t node, int direction, int state) {
    return ((size_t)node * 2 + (size_t)direction) * (size_t)w->q.states + (size_t)state;
}

INLINE uint64_t value_of(const work *w, int64_t code) { return (uint64_t)(w->top - code); } /* >= LIMIT: none */

static int group_of(const work *w, uint32_t node) {
    size_t low = 0, high = w->q.groups_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->q.group_nodes[middle] < node) low = middle + 1;
        else high = middle;
    }
    if (low < w->q.groups_count && w->q.group_nodes[low] == node) return w->q.group_values[low];
    return w->q.kind_groups[w->t.node_kinds[node]];
}

INLINE int next_state(const work *w, int state, const record *arc, int group) {
    return w->q.transitions[state * w->q.symbols + w->q.relation_groups[arc->relation] * w->q.head_groups + group];
}

INLINE void touch(level *l, uint32_t node) {
    l->touched[l->count++] = node;
    l->bits[node >> 6] |= (uint64_t)1 << (node & 63);
}

static void shut(const work *w, level *l, uint32_t node) {
    for (int i = 0; i < w->width; i++) l->at[(size_t)node * (size_t)w->width + (size_t)i] = w->base + SHUT;
}

/* Closes what no path passes, and opens the goals of a layer. */
static void prepare(work *w, level *l, int goals) {
    for (uint64_t i = 0; i < w->q.goals_count; i++) shut(w, l, w->q.goals[i]);
    for (uint64_t i = 0; goals && i < w->q.goals_count; i++) {
        uint32_t node = w->q.goals[i];
        if (!w->q.goal_directions[i]) continue;
        for (int state = 0; state < w->q.states; state++)
            if (w->q.accepting[state]) l->at[place_of(w, node, w->q.goal_directions[i] < 0, state)] = w->top;
        touch(l, node);
    }
    for (uint64_t i = 0; i < w->q.avoid_count; i++) shut(w, l, w->q.avoid[i]);
    if (w->lone) shut(w, l, w->q.sources[0]);
}

/* Notes a better cost; the first one of a node puts it on the list. */
INLINE void improve(work *w, level *l, uint32_t node, size_t which, int64_t code, const int width) {
    int64_t *at = l->at + (size_t)node * (size_t)width;
    if (at[which] < w->base) {
        int fresh = 1;
        for (int i = 0; i < width; i++) fresh &= at[i] < w->base;
        if (fresh) {
            if (w->q.inner_nodes && !w->q.inner_nodes[w->t.node_kinds[node]]) {
                shut(w, l, node);
                return;
            }
            touch(l, node);
        }
    }
    at[which] = code;
}

static int row(const work *w, const int64_t *offsets, uint32_t node, int64_t *lo, int64_t *hi) {
    *lo = offsets[node];
    *hi = offsets[node + 1];
    return 0 <= *lo && *lo <= *hi && *hi <= (int64_t)w->t.arcs;
}

INLINE int allowed(const work *w, const record *arc, uint32_t number) {
    return (!w->q.relations || w->q.relations[arc->relation]) && (!w->q.arc_mask || w->q.arc_mask[number]);
}

static const uint32_t *leaving(const work *w) { return w->q.node_costs ? w->q.node_costs : w->t.node_costs; }

/* Asks for the rows of nodes that come soon: where they start, then their first arcs. */
INLINE void soon(const level *list, size_t at, const int64_t *offsets, const record *records, uint64_t arcs) {
    if (at + 8 < list->count) AHEAD(offsets + list->touched[at + 8]);
    if (at + 3 >= list->count) return;
    const int64_t lo = offsets[list->touched[at + 3]];
    if (lo < 0 || (uint64_t)lo >= arcs) return;
    for (int line = 0; line < 8; line++) AHEAD(records + lo + 4 * line);
}

/* ---- one row of each scan --------------------------------------------------------------------------------------------- */

/* The scans without filters and automaton take most of the time: they have no branch that depends on the costs found. */

static int back_plain(work *w, level *out, const int64_t *active, int64_t lo, int64_t hi) {
    const record *arcs = w->t.in_records;
    const uint64_t nodes = w->t.nodes;
    const int64_t floor = w->floor_back, base = w->base;
    int64_t *const at = out->at;
    uint32_t *const touched = out->touched;
    size_t count = out->count;
    const int direction = active[1] > active[0], both = active[0] && active[1];
    const int64_t best = active[direction], other = active[!direction];
    int64_t i = lo;
    int done = 1;
    for (; i < hi; i++) {
        const record *arc = arcs + i;
        const int64_t step = (int64_t)((uint64_t)arc->cost << STEP_BITS) + 1, code = best - step;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) AHEAD(at + (size_t)arc[NEAR].node * 2);
        if (arc->node >= nodes) {
            done = DAMAGED;
            break;
        }
        if (code < floor) { /* the rest of the row costs no less */
            w->pruned = 1;
            done = ROW_ENDS;
            break;
        }
        int64_t *const to = at + ((size_t)arc->node * 2 + (size_t)(direction ^ (arc->sign < 0)));
        int64_t *const twin = at + ((size_t)arc->node * 2 + (size_t)(!direction ^ (arc->sign < 0)));
        const int64_t was = *to, beside = *twin;
        touched[count] = arc->node;
        const unsigned fresh = (was < base) & (beside < base);
        count += fresh;
        out->bits[arc->node >> 6] |= (uint64_t)fresh << (arc->node & 63);
        *to = code > was ? code : was;
        if (both) {
            const int64_t second = other - step;
            if (second < floor) w->pruned = 1;
            else *twin = second > beside ? second : beside;
        }
    }
    out->count = count;
    return done;
}

/* What the layer below says of the state an arc leads to: huge if nothing. In a large graph most entries are outside the
 * cache and most are none, which the set of touched nodes says as well. */
INLINE uint64_t rest_after(const level *below, uint64_t top, const record *arc, int direction, const int sparse) {
    const size_t which = (size_t)arc->node * 2 + (size_t)(direction ^ (arc->sign < 0));
    if (!sparse) return top - (uint64_t)below->at[which];
    const uint64_t bit = below->bits[arc->node >> 6] >> (arc->node & 63) & 1;
    return (top - (uint64_t)below->at[which & (0 - (size_t)bit)]) | (bit - 1) >> 1;
}

INLINE void ahead_of(const level *below, const record *arc, uint64_t nodes, const int sparse) {
    if (!sparse) AHEAD(below->at + (size_t)arc->node * 2);
    else if (arc->node < nodes) {
        const uint64_t bit = below->bits[arc->node >> 6] >> (arc->node & 63) & 1;
        AHEAD(below->at + ((size_t)arc->node * 2 & (0 - (size_t)bit)));
    }
}

INLINE int meet_plain(const work *w, const level *below, uint64_t *best, uint64_t paid, int64_t lo, int64_t hi, const int sparse) {
    const record *arcs = w->t.records;
    const uint64_t nodes = w->t.nodes, top = (uint64_t)w->top, more = (paid << STEP_BITS) + 1;
    uint64_t up = best[0], down = best[1];
    for (int64_t i = lo; i < hi; i++) {
        const record *arc = arcs + i;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) ahead_of(below, arc + NEAR, nodes, sparse);
        if (arc->node >= nodes) return DAMAGED;
        const uint64_t step = ((uint64_t)arc->cost << STEP_BITS) + more;
        const uint64_t a = rest_after(below, top, arc, 0, sparse) + step, b = rest_after(below, top, arc, 1, sparse) + step;
        up = a < up ? a : up;
        down = b < down ? b : down;
    }
    best[0] = up;
    best[1] = down;
    return 1;
}

/* From a node of layer r - 1 back to those that have an arc to it. `active` holds the codes of its states, or 0. */
static int back_row(work *w, level *out, uint32_t head, const int64_t *active, int64_t lo, int64_t hi) {
    const record *arcs = w->t.in_records;
    const uint64_t nodes = w->t.nodes;
    const int64_t floor = w->floor_back;
    const int states = w->q.states, width = w->width;
    const int machine = w->q.transitions != NULL, group = machine ? group_of(w, head) : 0;
    const int ordered = !(w->q.costs || w->q.node_costs), by_number = !ordered || w->q.arc_mask;
    int64_t most = 0;
    for (int i = 0; i < width; i++) most = active[i] > most ? active[i] : most;
    int goal = 0;
    for (int i = 0; i < width; i++) goal |= active[i] == w->top;
    const uint8_t *kinds = goal ? w->q.last_kinds : w->q.inner_kinds;
    for (int64_t i = lo; i < hi; i++) {
        const record *arc = arcs + i;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) AHEAD(out->at + (size_t)arc[NEAR].node * (size_t)width);
        if (arc->node >= nodes) return DAMAGED;
        uint64_t cost = arc->cost;
        if (ordered && most - (int64_t)(cost << STEP_BITS) <= floor) { /* the rest of the row costs no less */
            w->pruned = 1;
            return ROW_ENDS;
        }
        const uint32_t number = by_number ? w->t.in_arcs[i] : 0;
        if (number >= w->t.arcs) return DAMAGED;
        if ((kinds && !kinds[arc->kind]) || !allowed(w, arc, number)) continue;
        if (w->q.costs) cost = (uint64_t)w->q.costs[number] + leaving(w)[arc->node];
        else if (w->q.node_costs) cost = (uint64_t)w->t.records[number].cost + w->q.node_costs[arc->node];
        if (w->q.class_costs) {
            if (arc->class_ >= w->q.classes_count) return DAMAGED;
            cost += w->q.class_costs[arc->class_];
        }
        const int64_t step = (int64_t)(cost << STEP_BITS) + 1;
        const int flip = arc->sign < 0;
        const int64_t *at = out->at + (size_t)arc->node * (size_t)width;
        for (int state = 0; state < states; state++) {
            int next = machine ? next_state(w, state, arc, group) : state;
            if (next < 0) continue;
            for (int direction = 0; direction < 2; direction++) {
                int64_t code = active[(direction ^ flip) * states + next] - step;
                size_t which = (size_t)(direction * states + state);
                if (code > at[which]) {
                    if (code >= floor) improve(w, out, arc->node, which, code, width);
                    else w->pruned = 1;
                }
            }
        }
    }
    return 1;
}

/* From a node of level d on to where its arcs lead, unless that is a goal. */
static int fore_row(work *w, level *out, const int64_t *active, uint64_t paid, int64_t lo, int64_t hi) {
    const record *arcs = w->t.records;
    const uint64_t nodes = w->t.nodes;
    const int64_t floor = w->floor_fore;
    const int states = w->q.states, width = w->width;
    const int machine = w->q.transitions != NULL;
    for (int64_t i = lo; i < hi; i++) {
        const record *arc = arcs + i;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) AHEAD(out->at + (size_t)arc[NEAR].node * (size_t)width);
        if (arc->node >= nodes) return DAMAGED;
        uint64_t cost = arc->cost;
        if ((w->q.inner_kinds && !w->q.inner_kinds[arc->kind]) || !allowed(w, arc, (uint32_t)i)) continue;
        if (w->q.costs) cost = w->q.costs[i];
        if (w->q.class_costs) {
            if (arc->class_ >= w->q.classes_count) return DAMAGED;
            cost += w->q.class_costs[arc->class_];
        }
        const int64_t step = (int64_t)((cost + paid) << STEP_BITS) + 1;
        const int flip = arc->sign < 0, group = machine ? group_of(w, arc->node) : 0;
        const int64_t *at = out->at + (size_t)arc->node * (size_t)width;
        for (int state = 0; state < states; state++) {
            int next = machine ? next_state(w, state, arc, group) : state;
            if (next < 0) continue;
            for (int direction = 0; direction < 2; direction++) {
                int64_t code = active[direction * states + state] - step;
                size_t which = (size_t)((direction ^ flip) * states + next);
                if (code > at[which]) {
                    if (code >= floor) improve(w, out, arc->node, which, code, width);
                    else w->pruned = 1;
                }
            }
        }
    }
    return 1;
}

/* The least cost from each state of a node over one arc and the layer below; best[] starts at LIMIT or more. */
static int meet_row(work *w, const level *below, uint64_t *best, uint64_t paid, int64_t lo, int64_t hi) {
    const record *arcs = w->t.records;
    const uint64_t nodes = w->t.nodes;
    const int states = w->q.states, width = w->width;
    const int machine = w->q.transitions != NULL;
    for (int64_t i = lo; i < hi; i++) {
        const record *arc = arcs + i;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) AHEAD(below->at + (size_t)arc[NEAR].node * (size_t)width);
        if (arc->node >= nodes) return DAMAGED;
        const int64_t *at = below->at + (size_t)arc->node * (size_t)width;
        const int flip = arc->sign < 0;
        if (!allowed(w, arc, (uint32_t)i)) continue;
        uint64_t cost = (w->q.costs ? w->q.costs[i] : arc->cost) + paid;
        if (w->q.class_costs) {
            if (arc->class_ >= w->q.classes_count) return DAMAGED;
            cost += w->q.class_costs[arc->class_];
        }
        const int group = machine ? group_of(w, arc->node) : 0;
        for (int state = 0; state < states; state++) {
            int next = machine ? next_state(w, state, arc, group) : state;
            if (next < 0) continue;
            for (int direction = 0; direction < 2; direction++) {
                uint64_t value = value_of(w, at[(direction ^ flip) * states + next]);
                if (value >= LIMIT) continue;
                const uint8_t *kinds = value ? w->q.inner_kinds : w->q.last_kinds;
                if (kinds && !kinds[arc->kind]) continue;
                value += (cost << STEP_BITS) + 1;
                if (value < best[direction * states + state]) best[direction * states + state] = value;
            }
        }
    }
    return 1;
}

/* ---- the bound: layers from the goals, levels from the sources, and where they meet ------------------------------------- */

static int spent(work *w, int64_t ticks, int64_t until) {
    w->ticks += ticks;
    w->scanned += (uint64_t)ticks;
    if (w->ticks < CHUNK) return 0;
    w->ticks = 0;
    return now() >= until;
}

/* The codes of a node in layer r - 1 that must be passed on to layer r; those of layer r - 2 were passed on before. */
static int changed(const work *w, int r, uint32_t node, int64_t *active) {
    const int64_t *at = w->layer[r - 1]->at + (size_t)node * (size_t)w->width;
    const int64_t *old = NULL;
    if (r >= 2 && w->q.max_steps - r >= w->q.min_steps) old = w->layer[r - 2]->at + (size_t)node * (size_t)w->width;
    int some = 0;
    for (int i = 0; i < w->width; i++) {
        int passed = value_of(w, at[i]) < LIMIT && !(old && old[i] == at[i]);
        active[i] = passed ? at[i] : 0;
        some |= passed;
    }
    return some;
}

static uint64_t cost_back(const work *w, int r, uint64_t enough) {
    int64_t active[2 * STATES], lo, hi;
    uint64_t cost = 0;
    for (size_t i = 0; i < w->layer[r - 1]->count && cost <= enough; i++) {
        uint32_t node = w->layer[r - 1]->touched[i];
        if (!changed(w, r, node, active)) continue;
        cost += 1 + (row(w, w->t.in_offsets, node, &lo, &hi) ? (uint64_t)(hi - lo) : 0);
    }
    return cost;
}

static int begin_back(work *w, int r) {
    const int goals = w->q.max_steps - r >= w->q.min_steps;
    const level *below = w->layer[r - 1];
    level *l = &w->back[r];
    w->at = 0;
    w->from = NOWHERE;
    w->layer[r] = l;
    if (!w->by_cost && goals && !cost_back(w, r, 0)) { /* nothing changed: every later layer is the same */
        w->layer[r] = below;
        w->at = below->count;
        return 1;
    }
    if (!ready(w, l)) return NO_MEMORY;
    prepare(w, l, goals);
    w->scanned += below->count;
    for (size_t i = 0; goals && i < below->count; i++) {
        uint32_t node = below->touched[i];
        const int64_t *from = below->at + (size_t)node * (size_t)w->width;
        int64_t *to = l->at + (size_t)node * (size_t)w->width;
        if (to[0] >= w->base) continue; /* a goal, or shut */
        memcpy(to, from, (size_t)w->width * sizeof *to);
        int fresh = 1;
        for (int k = 0; k < w->width; k++) fresh &= to[k] < w->base;
        if (!fresh) touch(l, node);
    }
    return 1;
}

static int run_back(work *w, int64_t until) {
    const int r = w->reached_back + 1;
    const level *below = w->layer[r - 1];
    int64_t active[2 * STATES], lo, hi;
    for (; w->at < below->count; w->at++, w->from = NOWHERE) {
        uint32_t node = below->touched[w->at];
        soon(below, w->at, w->t.in_offsets, w->t.in_records, w->t.arcs);
        if (!changed(w, r, node, active)) continue;
        if (!row(w, w->t.in_offsets, node, &lo, &hi)) return DAMAGED;
        for (int64_t from = w->from < lo ? lo : w->from; from < hi; from = w->from) {
            int64_t to = hi - from > CHUNK ? from + CHUNK : hi;
            int done = w->plain ? back_plain(w, &w->back[r], active, from, to) : back_row(w, &w->back[r], node, active, from, to);
            if (done < 0) return done;
            w->from = done == ROW_ENDS ? hi : to;
            if (spent(w, to - from + 8, until)) return RUNNING;
        }
    }
    w->reached_back = r;
    return DONE;
}

static int run_fore(work *w, int64_t until) {
    const int d = w->reached_fore;
    const level *here = &w->fore[d];
    level *out = &w->fore[d + 1];
    int64_t active[2 * STATES], lo, hi;
    for (; w->at < here->count; w->at++, w->from = NOWHERE) {
        uint32_t node = here->touched[w->at];
        soon(here, w->at, w->t.offsets, w->t.records, w->t.arcs);
        const uint64_t paid = d ? leaving(w)[node] : 0;
        int64_t most = 0;
        for (int i = 0; i < w->width; i++) {
            int64_t code = here->at[(size_t)node * (size_t)w->width + (size_t)i];
            active[i] = value_of(w, code) < LIMIT ? code : 0;
            if (active[i] > most) most = active[i];
        }
        if (most - (int64_t)(paid << STEP_BITS) < w->floor_fore) {
            w->pruned |= most > 0;
            continue;
        }
        if (!row(w, w->t.offsets, node, &lo, &hi)) return DAMAGED;
        for (int64_t from = w->from < lo ? lo : w->from; from < hi; from = w->from) {
            int64_t to = hi - from > CHUNK ? from + CHUNK : hi;
            int done = fore_row(w, out, active, paid, from, to);
            if (done < 0) return done;
            w->from = to;
            if (spent(w, to - from + 8, until)) return RUNNING;
        }
    }
    w->cost_fore = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (!row(w, w->t.offsets, out->touched[i], &lo, &hi)) return DAMAGED;
        w->cost_fore += (uint64_t)(hi - lo) + 1;
    }
    w->reached_fore = d + 1;
    return DONE;
}

static int run_meet(work *w, int64_t until) {
    const int d = w->meeting, r = w->q.max_steps - d;
    level *out = &w->back[r];
    uint64_t best[2 * STATES];
    int64_t lo, hi;
    for (; w->at < w->fore[d].count; w->at++, w->from = NOWHERE) {
        uint32_t node = w->fore[d].touched[w->at];
        soon(&w->fore[d], w->at, w->t.offsets, w->t.records, w->t.arcs);
        const size_t first = (size_t)node * (size_t)w->width;
        int wanted = w->from != NOWHERE;
        for (int i = 0; i < w->width; i++) {
            best[i] = LIMIT;
            wanted |= value_of(w, w->fore[d].at[first + (size_t)i]) < LIMIT && value_of(w, out->at[first + (size_t)i]) >= LIMIT;
        }
        if (!wanted) continue;
        if (!row(w, w->t.offsets, node, &lo, &hi)) return DAMAGED;
        const uint64_t paid = leaving(w)[node];
        for (int64_t from = w->from < lo ? lo : w->from; from < hi; from = w->from) {
            int64_t to = hi - from > CHUNK ? from + CHUNK : hi;
            int done = !w->plain  ? meet_row(w, w->layer[r - 1], best, paid, from, to)
                       : w->large ? meet_plain(w, w->layer[r - 1], best, paid, from, to, 1)
                                  : meet_plain(w, w->layer[r - 1], best, paid, from, to, 0);
            if (done < 0) return done;
            for (int i = 0; i < w->width; i++) {
                int64_t code = w->top - (int64_t)best[i];
                if (best[i] < LIMIT && code > out->at[first + (size_t)i]) improve(w, out, node, (size_t)i, code, w->width);
            }
            w->from = to;
            if (spent(w, to - from + 8, until)) return RUNNING;
        }
    }
    return DONE;
}

static int begin_meet(work *w) {
    const int r = w->q.max_steps - w->meeting;
    w->at = 0;
    w->from = NOWHERE;
    if (r <= w->reached_back) return 1;
    w->layer[r] = &w->back[r];
    if (!ready(w, &w->back[r])) return NO_MEMORY;
    prepare(w, &w->back[r], w->q.max_steps - r >= w->q.min_steps);
    return 1;
}

/* Chooses the cheaper side to go on from, until layers and levels meet. */
static int plan(work *w) {
    const int left = w->q.max_steps - 1 - (w->by_cost ? 0 : w->reached_back + w->reached_fore);
    const int ended = !w->fore[w->reached_fore].count;
    if (w->by_cost ? w->reached_back == left && (w->reached_fore == left || ended) : left == 0 || ended) {
        w->meeting = w->reached_fore;
        w->phase = MEET;
        return w->meeting ? begin_meet(w) : 1;
    }
    const uint64_t fore = GROWTH * w->cost_fore;
    const int back = w->by_cost ? w->reached_back < left : cost_back(w, w->reached_back + 1, fore) <= fore;
    w->phase = back ? BACK : AHEAD_ONE;
    if (back) return begin_back(w, w->reached_back + 1);
    w->at = 0;
    w->from = NOWHERE;
    level *out = &w->fore[w->reached_fore + 1];
    if (!ready(w, out)) return NO_MEMORY;
    prepare(w, out, 0);
    return 1;
}

/* ---- the search: best first over partial paths, the next steps of a state sorted once and pushed one at a time ----------- */

static int earlier(const work *w, uint32_t a, uint32_t b) { /* the order of the arcs of two paths of equal keys */
    const entry *first = &w->entries[a], *second = &w->entries[b];
    const int longer = first->depth > second->depth;
    while (first->depth > second->depth) first = &w->entries[first->parent];
    while (second->depth > first->depth) second = &w->entries[second->parent];
    if (first == second) return !longer;
    while (first->depth > 1 && first->parent != second->parent) {
        first = &w->entries[first->parent];
        second = &w->entries[second->parent];
    }
    return first->arc < second->arc;
}

INLINE int before(const work *w, const waiting *a, const waiting *b) {
    return a->key != b->key ? a->key < b->key : earlier(w, a->entry, b->entry);
}

static int push(work *w, uint32_t number) {
    if (!GROW(w, heap, w->heap_count + 1)) return NO_MEMORY;
    waiting new = {w->entries[number].key, number};
    size_t i = w->heap_count++;
    while (i && before(w, &new, &w->heap[(i - 1) / 2])) {
        w->heap[i] = w->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    w->heap[i] = new;
    return 1;
}

static uint32_t pop(work *w) {
    const uint32_t first = w->heap[0].entry;
    const waiting last = w->heap[--w->heap_count];
    size_t i = 0;
    for (size_t child = 1; child < w->heap_count; child = 2 * i + 1) {
        child += child + 1 < w->heap_count && before(w, &w->heap[child + 1], &w->heap[child]);
        if (!before(w, &w->heap[child], &last)) break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    if (w->heap_count) w->heap[i] = last;
    return first;
}

INLINE int cheaper(const item *a, const item *b) { return a->value != b->value ? a->value < b->value : a->arc < b->arc; }

/* Finds the best item of a block anew; NONE if all are sorted. */
static void settle(work *w, const children *list, size_t block) {
    const item *items = w->items + list->first;
    const size_t from = block << list->shift, beyond = (block + 1) << list->shift;
    const size_t end = beyond < list->count ? beyond : list->count;
    size_t best = from > list->sorted ? from : list->sorted;
    if (best >= end) {
        w->blocks[list->blocks + block] = NONE;
        return;
    }
    for (size_t i = best + 1; i < end; i++)
        if (cheaper(&items[i], &items[best])) best = i;
    w->blocks[list->blocks + block] = (uint32_t)best;
}

/* The next step at a place of the order, NULL at the end: sorted no further than asked for. */
static const item *next_step(work *w, children *list, size_t place) {
    if (place >= list->count) return NULL;
    item *items = w->items + list->first;
    const uint32_t *blocks = w->blocks + list->blocks;
    while (list->sorted <= place) {
        size_t least = list->sorted;
        for (size_t block = least >> list->shift; block <= (list->count - 1) >> list->shift; block++)
            if (blocks[block] != NONE && cheaper(&items[blocks[block]], &items[least])) least = blocks[block];
        const size_t to = list->sorted++;
        const item moved = items[to];
        items[to] = items[least];
        items[least] = moved;
        settle(w, list, to >> list->shift);
        if (least >> list->shift != to >> list->shift) settle(w, list, least >> list->shift);
    }
    return &items[place];
}

static void add_step(work *w, const record *arc, uint32_t number, const entry *e, const level *below, uint64_t paid) {
    int next = e->state;
    uint64_t cost = w->q.costs ? w->q.costs[number] : arc->cost;
    if (!allowed(w, arc, number)) return;
    if (w->q.transitions && (next = next_state(w, e->state, arc, group_of(w, arc->node))) < 0) return;
    if (w->q.class_costs) cost += w->q.class_costs[arc->class_];
    const uint64_t rest = value_of(w, below->at[place_of(w, arc->node, e->direction ^ (arc->sign < 0), next)]);
    if (rest >= LIMIT) return;
    const uint8_t *kinds = rest ? w->q.inner_kinds : w->q.last_kinds;
    if (kinds && !kinds[arc->kind]) return;
    w->items[w->items_count++] = (item){rest + ((cost + paid) << STEP_BITS) + 1, number, arc->node};
}

INLINE int add_plain(work *w, int direction, const level *below, uint64_t paid, int64_t lo, int64_t hi, const int sparse) {
    const record *arcs = w->t.records;
    const uint64_t nodes = w->t.nodes, top = (uint64_t)w->top, more = (paid << STEP_BITS) + 1;
    item *to = w->items + w->items_count;
    for (int64_t i = lo; i < hi; i++) {
        const record *arc = arcs + i;
        AHEAD(arc + FAR);
        if (i + NEAR < hi) ahead_of(below, arc + NEAR, nodes, sparse);
        if (arc->node >= nodes) return DAMAGED;
        const uint64_t rest = rest_after(below, top, arc, direction, sparse);
        *to = (item){rest + ((uint64_t)arc->cost << STEP_BITS) + more, (uint32_t)i, arc->node};
        to += rest < LIMIT;
    }
    w->items_count = (size_t)(to - w->items);
    return 1;
}

/* Lists the next steps of the state of an entry, once for each state and number of steps left. */
static int list_of(work *w, const entry *e, uint32_t *number) {
    const int r = w->q.max_steps - e->depth;
    const uint64_t key = ((uint64_t)place_of(w, e->head, e->direction, e->state) << STEP_BITS | (uint64_t)r) + 1;
    const slot *known = find(&w->known, key);
    if (known->key) {
        *number = (uint32_t)known->value;
        return 1;
    }
    int64_t lo, hi;
    if (!row(w, w->t.offsets, e->head, &lo, &hi)) return DAMAGED;
    if (!GROW(w, lists, w->lists_count + 1)) return NO_MEMORY;
    const level *below = w->layer[r - 1];
    const uint64_t paid = e->depth ? leaving(w)[e->head] : 0;
    const size_t first = w->items_count;
    const int through_goals = r == 1 && w->goal_arcs < (uint64_t)(hi - lo);
    const uint64_t most = through_goals ? w->goal_arcs : (uint64_t)(hi - lo);
    if (!GROW(w, items, first + most + 1)) return NO_MEMORY;
    if (through_goals) {
        int64_t from, to;
        for (uint64_t g = 0; g < w->q.goals_count; g++) {
            if (!row(w, w->t.in_offsets, w->q.goals[g], &from, &to)) return DAMAGED;
            for (int64_t i = from; i < to; i++) {
                if (w->t.in_records[i].node != e->head) continue;
                const int64_t arc = w->t.in_arcs[i];
                if (arc < lo || arc >= hi) return DAMAGED;
                const record *a = w->t.records + arc;
                if (a->node >= w->t.nodes || (w->q.class_costs && a->class_ >= w->q.classes_count)) return DAMAGED;
                add_step(w, a, (uint32_t)arc, e, below, paid);
            }
        }
        w->ticks += (int64_t)w->goal_arcs / 4;
    } else if (w->plain) {
        const int done = w->large ? add_plain(w, e->direction, below, paid, lo, hi, 1)
                                  : add_plain(w, e->direction, below, paid, lo, hi, 0);
        if (done < 0) return done;
        w->ticks += hi - lo;
    } else {
        for (int64_t i = lo; i < hi; i++) {
            const record *arc = w->t.records + i;
            AHEAD(arc + FAR);
            if (i + NEAR < hi) AHEAD(below->at + (size_t)arc[NEAR].node * (size_t)w->width);
            if (arc->node >= w->t.nodes || (w->q.class_costs && arc->class_ >= w->q.classes_count)) return DAMAGED;
            add_step(w, arc, (uint32_t)i, e, below, paid);
        }
        w->ticks += hi - lo;
    }
    children list = {first, w->items_count - first, 0, w->blocks_count, 6};
    while (list.count >> list.shift > (size_t)8 << list.shift) list.shift++;
    const size_t blocks = (list.count >> list.shift) + 1;
    if (!GROW(w, blocks, w->blocks_count + blocks)) return NO_MEMORY;
    w->blocks_count += blocks;
    for (size_t block = 0; block < blocks; block++) settle(w, &list, block);
    *number = (uint32_t)w->lists_count;
    w->lists[w->lists_count++] = list;
    return put(&w->known, key, *number) ? 1 : NO_MEMORY;
}

static int on_path(const work *w, uint32_t number, uint32_t node) {
    for (; number != NONE; number = w->entries[number].parent)
        if (w->entries[number].head == node) return 1;
    return 0;
}

/* Queues the next steps of a partial path from a place of their order on, up to the first that closes no circle. */
static int push_step(work *w, uint32_t parent, uint32_t list, uint32_t place) {
    for (const item *step; (step = next_step(w, &w->lists[list], place)); place++) {
        const uint64_t key = w->entries[parent].spent + step->value;
        if (key > w->q.horizon) {
            w->pruned = 1;
            return 1;
        }
        if (on_path(w, parent, step->head)) continue;
        if (!GROW(w, entries, w->entries_count + 1)) return NO_MEMORY;
        const entry *p = &w->entries[parent];
        const record *arc = w->t.records + step->arc;
        const int r = w->q.max_steps - p->depth - 1, direction = p->direction ^ (arc->sign < 0);
        const int state = w->q.transitions ? next_state(w, p->state, arc, group_of(w, step->head)) : p->state;
        const uint64_t rest = value_of(w, w->layer[r]->at[place_of(w, step->head, direction, state)]);
        const uint32_t number = (uint32_t)w->entries_count++;
        w->entries[number] = (entry){
            key, key - rest, p->paired, parent, step->arc, step->head, arc->class_, list, place,
            (uint8_t)(p->depth + 1), (uint8_t)direction, (uint8_t)state, (uint8_t)(rest ? 0 : 2),
        };
        return push(w, number);
    }
    return 1;
}

static int full(const work *w) { return w->entries_count + w->items_count > w->q.room; }

static int expand(work *w, uint32_t number) {
    uint32_t list = 0;
    const entry e = w->entries[number];
    const int done = list_of(w, &e, &list);
    return done < 0 ? done : push_step(w, number, list, 0);
}

static int run_roots(work *w, int64_t until) {
    for (; w->root < w->q.sources_count; w->root++) {
        if (!GROW(w, entries, w->entries_count + 1)) return NO_MEMORY;
        const uint32_t number = (uint32_t)w->entries_count++;
        w->entries[number] = (entry){
            0, 0, 0, NONE, NONE, w->q.sources[w->root], 0, 0, 0, 0,
            w->q.source_directions[w->root] < 0, (uint8_t)w->q.start, 1,
        };
        const int done = expand(w, number);
        if (done < 0) return done;
        if (full(w)) return OUT_OF_ROOM;
        if (spent(w, 8, until)) {
            w->root++;
            return RUNNING;
        }
    }
    return DONE;
}

static int tell(const work *w, uint32_t number, answer *out) {
    const entry *e = &w->entries[number];
    out->cost = e->key >> STEP_BITS;
    out->coherence = e->paired;
    out->steps = e->depth;
    for (uint32_t i = e->depth; i-- > 0; e = &w->entries[e->parent]) out->arcs[i] = e->arc;
    return FOUND;
}

/* `resolved`: bit 0, the pair cost is in the key; bit 1, the path is complete. */
static int run_search(work *w, int64_t until, answer *out) {
    for (;;) {
        uint32_t number = w->pending;
        w->pending = NONE;
        if (number == NONE) {
            if (full(w)) return OUT_OF_ROOM;
            if (spent(w, 16, until)) return RUNNING;
            if (!w->heap_count) return DONE;
            number = pop(w);
            const entry e = w->entries[number];
            if (!(e.resolved & 1)) {
                const int done = push_step(w, e.parent, e.list, e.place + 1);
                if (done < 0) return done;
            }
        }
        entry *e = &w->entries[number];
        if (w->q.pairs && !(e->resolved & 1) && e->depth > 1) {
            out->first = w->entries[e->parent].class_;
            out->second = e->class_;
            if (out->first == NONE) return DAMAGED;
            const slot *known = find(&w->pairs, ((uint64_t)out->first << 32 | out->second) + 1);
            if (!known->key) {
                w->pending = number;
                return PAIR;
            }
            e->resolved |= 1;
            if (known->value) {
                e->key += known->value << STEP_BITS;
                e->spent += known->value << STEP_BITS;
                e->paired += known->value;
                if (e->key > w->q.horizon) {
                    w->pruned = 1;
                    continue;
                }
                if (push(w, number) < 0) return NO_MEMORY;
                continue;
            }
        }
        if (e->resolved & 2) return tell(w, number, out);
        const int done = expand(w, number);
        if (done < 0) return done;
    }
}

/* ---- what kernel.py calls ------------------------------------------------------------------------------------------------ */

#ifndef SOURCE
#define SOURCE 0
#endif
EXPORT uint32_t ikg_source(void) { return SOURCE; } /* the checksum of this file, given by the build */

EXPORT work *ikg_new(void) { return calloc(1, sizeof(work)); }

EXPORT void ikg_free(work *w) {
    if (!w) return;
    for (int i = 0; i < STEPS; i++) {
        free(w->back[i].at);
        free(w->back[i].touched);
        free(w->back[i].bits);
        free(w->fore[i].at);
        free(w->fore[i].touched);
        free(w->fore[i].bits);
    }
    free(w->items);
    free(w->entries);
    free(w->heap);
    free(w->lists);
    free(w->blocks);
    free(w->known.slots);
    free(w->pairs.slots);
    free(w);
}

EXPORT int ikg_forget(work *w) { return empty(&w->pairs) ? 1 : NO_MEMORY; }

EXPORT int ikg_pair(work *w, uint32_t first, uint32_t second, uint32_t cost) {
    return put(&w->pairs, ((uint64_t)first << 32 | second) + 1, cost) ? 1 : NO_MEMORY;
}

/* Begins a search; the work area may hold what earlier searches on a table of the same size left. */
EXPORT int ikg_start(work *w, const table *t, const query *q) {
    int64_t lo, hi;
    w->t = *t;
    w->q = *q;
    w->width = 2 * q->states;
    if (!empty(&w->known) || (!w->pairs.size && !empty(&w->pairs))) return NO_MEMORY;
    if (++w->epoch > LAST_EPOCH) {
        for (int i = 0; i < STEPS; i++) {
            if (w->back[i].at) memset(w->back[i].at, 0, w->back[i].capacity * sizeof(int64_t));
            if (w->fore[i].at) memset(w->fore[i].at, 0, w->fore[i].capacity * sizeof(int64_t));
        }
        w->epoch = 1;
    }
    w->base = (int64_t)w->epoch << EPOCH_BITS;
    w->top = w->base + CODES - 2;
    w->by_cost = q->horizon < LIMIT;
    w->cut_fore = w->by_cost ? q->horizon / 10 * 3 : LIMIT - 1;
    w->cut_back = w->by_cost ? q->horizon - w->cut_fore : LIMIT - 1;
    w->floor_fore = w->top - (int64_t)w->cut_fore;
    w->floor_back = w->top - (int64_t)w->cut_back;
    w->plain = !(q->inner_kinds || q->last_kinds || q->relations || q->arc_mask || q->costs || q->node_costs || q->class_costs ||
                 q->inner_nodes || q->transitions);
    w->large = t->nodes > LARGE;
    w->lone = q->sources_count == 1;
    w->pruned = 0;
    w->phase = PLAN;
    w->reached_back = w->reached_fore = w->meeting = 0;
    w->ticks = 0;
    w->scanned = 0;
    w->items_count = w->entries_count = w->heap_count = w->lists_count = w->blocks_count = 0;
    w->pending = NONE;
    w->root = 0;
    w->goal_arcs = 0;
    w->cost_fore = 0;
    if (q->max_steps < 1 || q->min_steps > q->max_steps || !q->sources_count) {
        w->phase = END;
        return 1;
    }
    if (!ready(w, &w->back[0]) || !ready(w, &w->fore[0])) return NO_MEMORY;
    prepare(w, &w->back[0], 1);
    w->layer[0] = &w->back[0];
    for (uint64_t i = 0; i < q->goals_count; i++) {
        if (!row(w, t->in_offsets, q->goals[i], &lo, &hi)) return DAMAGED;
        w->goal_arcs += (uint64_t)(hi - lo);
    }
    for (uint64_t i = 0; i < q->sources_count; i++) {
        shut(w, &w->fore[0], q->sources[i]);
        w->fore[0].at[place_of(w, q->sources[i], q->source_directions[i] < 0, q->start)] = w->top;
        touch(&w->fore[0], q->sources[i]);
        if (!row(w, t->offsets, q->sources[i], &lo, &hi)) return DAMAGED;
        w->cost_fore += (uint64_t)(hi - lo) + 1;
    }
    return 1;
}

/* Goes on for at most about `slice` nanoseconds; says what it found or what it needs. */
EXPORT int ikg_run(work *w, int64_t slice, answer *out) {
    const int64_t until = now() + slice;
    int done = 1;
    for (;;) {
        const phase was = w->phase;
        switch (was) {
        case PLAN: done = plan(w); break;
        case BACK: done = run_back(w, until); break;
        case AHEAD_ONE: done = run_fore(w, until); break;
        case MEET: done = w->meeting ? run_meet(w, until) : DONE; break;
        case ROOTS: done = run_roots(w, until); break;
        case SEARCH: done = run_search(w, until, out); break;
        case END: done = DONE; break;
        }
        if (done < 0 || done == RUNNING || done == OUT_OF_ROOM || was == SEARCH || was == END) {
            out->pruned = (uint32_t)w->pruned;
            return done;
        }
        if (w->by_cost && w->scanned > w->q.budget) {
            w->phase = END;
            return GIVE_UP;
        }
        if (was == BACK || was == AHEAD_ONE) w->phase = PLAN;
        if (was == ROOTS) w->phase = SEARCH;
        if (was != MEET) continue;
        if (w->meeting <= 1) w->phase = ROOTS;
        else {
            w->meeting--;
            if ((done = begin_meet(w)) < 0) return done;
        }
    }
}
