/*
 * What libFuzzer calls of a program whose source it follows: whatever a device's flash and its
 * sensors may hold, no access elsewhere, no undefined arithmetic, and an end. The input is a list of
 * changes, each of a table (or of the features), a place in it, and what its bits there become.
 */
#include <string.h>

struct table {
  void *bytes;
  uint32_t size;
};

static float features[FEATURES];
static float outputs[OUTPUTS];
static const struct table tables[] = {TABLES{features, sizeof features}};
static unsigned char kept[ROOM];

void FUZZ(const unsigned char *changes, uint32_t size);

void FUZZ(const unsigned char *changes, uint32_t size) {
  static int isKept;
  uint32_t count = sizeof tables / sizeof tables[0];
  uint32_t at = 0;
  uint32_t i;
  for (i = 0; i < FEATURES; i++) {
    features[i] = (float)(i % 3u);
  }
  for (i = 0; i + 1 < count; i++) {
    if (isKept) {
      memcpy(tables[i].bytes, kept + at, tables[i].size);
    } else {
      memcpy(kept + at, tables[i].bytes, tables[i].size);
    }
    at += tables[i].size;
  }
  isKept = 1;
  for (i = 0; i + 4 <= size; i += 4) {
    const struct table *table = &tables[changes[i] % count];
    uint32_t place = (changes[i + 1] | (uint32_t)changes[i + 2] << 8) % table->size;
    ((unsigned char *)table->bytes)[place] ^= changes[i + 3];
  }
  PREDICT(features, outputs);
}
