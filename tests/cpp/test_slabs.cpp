#include "core/slabs.hpp"

#include <cstring>
#include <set>
#include <vector>

#include "core/walk.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

constexpr std::size_t short_bytes = sizeof(Interior);
constexpr std::size_t shorts_a_slab = (slab_bytes - sizeof(Slab)) / short_bytes;

std::uint64_t position(const void* record) { return position_of(static_cast<const Node*>(record)); }

void* short_record(Slabs& slabs) {
  if (!slabs.has_room_for_short()) slabs.make_room();
  return slabs.allocate_short_in_room();
}

std::vector<void*> allocate(Slabs& slabs, std::size_t count) {
  std::vector<void*> records;
  records.reserve(count);
  while (records.size() < count) records.push_back(short_record(slabs));
  return records;
}

}  // namespace

TEST_CASE("slabs: positions grow with every record, and now() is the newest's") {
  Slabs slabs;
  CHECK(slabs.now() == 0);
  std::uint64_t last = 0;
  bool grows = true;
  bool is_now = true;
  for (std::size_t i = 0; i < 5000; ++i) {
    // From one operand to records of which only a few, or none, fit into a slab.
    const std::size_t words = i % 97 == 0 ? 3000 : i % 13;
    const void* record = slabs.allocate(Long::size_for(words));
    grows = grows && position(record) > last;
    is_now = is_now && slabs.now() == position(record);
    last = position(record);
  }
  CHECK(grows);
  CHECK(is_now);
  CHECK(slabs.live() == 5000);
}

TEST_CASE("slabs: within a slab the newest record has the lowest address") {
  Slabs slabs;
  const std::vector<void*> records = allocate(slabs, shorts_a_slab);
  bool descends = true;
  for (std::size_t i = 1; i < records.size(); ++i)
    descends = descends && static_cast<char*>(records[i]) + short_bytes == records[i - 1];
  CHECK(descends);
  CHECK(slab_of(records.front()) == slab_of(records.back()));
}

TEST_CASE("slabs: a full slab without a living record starts again in place, at higher positions") {
  Slabs slabs;
  const Slab* slab = slab_of(short_record(slabs));
  CHECK(slabs.live() == 1);
  slabs.retire(slab->end - short_bytes);
  std::uint64_t last = slabs.now();
  for (std::size_t i = 0; i < 10 * shorts_a_slab; ++i) {
    const void* record = short_record(slabs);
    REQUIRE(slab_of(record) == slab);
    REQUIRE(position(record) > last);
    last = position(record);
    slabs.retire(record);
    REQUIRE(slabs.now() == last);
  }
  CHECK(slabs.live() == 0);
}

TEST_CASE("slabs: short and long records count alike, in the newest slab and in full ones") {
  Slabs slabs;
  std::vector<void*> records;
  std::size_t live = 0;
  bool counts = true;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const bool is_long = i % 7 == 0 || i % 1000 < 4;
    records.push_back(is_long ? slabs.allocate(Long::size_for(i % 1000 == 0 ? 5000 : i % 50))
                              : short_record(slabs));
    ++live;
    if (i % 3 == 0) {  // of the newest slab mostly, or of one that is full
      void*& dying = records[i - i % 5 * (i / 10)];
      if (dying != nullptr) {
        slabs.retire(dying);
        dying = nullptr;
        --live;
      }
    }
    counts = counts && slabs.live() == live;
  }
  CHECK(counts);
  for (const void* record : records) {
    if (record != nullptr) slabs.retire(record);
  }
  CHECK(slabs.live() == 0);
}

TEST_CASE("slabs: an allowance ends after its records, with the room, and when it is taken back") {
  Slabs slabs;
  CHECK_FALSE(slabs.is_allowed());
  slabs.allow(5);  // there is no room yet
  CHECK_FALSE(slabs.is_allowed());
  slabs.retire(short_record(slabs));
  const auto use_up = [&slabs] {
    std::size_t used = 0;
    for (; slabs.is_allowed(); ++used) slabs.retire(slabs.allocate_short_in_room());
    return used;
  };
  CHECK_FALSE(slabs.is_allowed());
  slabs.allow(5);
  CHECK(use_up() == 5);
  slabs.allow(5);
  slabs.allow_one_less();
  slabs.allow_one_less();
  CHECK(use_up() == 3);
  slabs.allow_one_less();  // of nothing
  CHECK(use_up() == 0);
  slabs.allow(5);
  slabs.allow(0);
  CHECK(use_up() == 0);
  slabs.allow_one_less();
  CHECK(use_up() == 0);
  slabs.allow(2);
  slabs.retire(slabs.allocate(Long::size_for(20)));  // counts as one at least
  CHECK(use_up() == 0);
  const std::size_t room = shorts_a_slab - 14;  // 1 + 5 + 3 records, and the space of 5
  slabs.allow(1000);
  CHECK(use_up() == room);
  CHECK_FALSE(slabs.has_room_for_short());
  slabs.make_room();  // in place
  CHECK_FALSE(slabs.is_allowed());
  slabs.allow(1000);
  slabs.make_room();
  CHECK_FALSE(slabs.is_allowed());
  CHECK(slabs.live() == 0);
}

TEST_CASE("slabs: an empty slab moves to the end of the order") {
  Slabs slabs;
  const std::vector<void*> records = allocate(slabs, 3 * shorts_a_slab);
  const std::size_t reserved = slabs.bytes_reserved();
  const Slab* middle = slab_of(records[shorts_a_slab]);
  for (std::size_t i = 0; i < shorts_a_slab; ++i) slabs.retire(records[shorts_a_slab + i]);

  const std::uint64_t before = slabs.now();
  const void* next = short_record(slabs);
  CHECK(slab_of(next) == middle);
  CHECK(position(next) > before);
  CHECK(slabs.bytes_reserved() == reserved);
  // The oldest and the newest are neighbours of each other now, and the recycled one follows.
  CHECK(slab_of(next)->older == slab_of(records.back()));
  CHECK(slab_of(records.back())->older == slab_of(records.front()));
  CHECK(slab_of(records.front())->newer == slab_of(records.back()));
  CHECK(slab_of(records.front())->older == nullptr);
}

TEST_CASE("slabs: memory is not used again while one record of the slab lives") {
  Slabs slabs;
  const std::vector<void*> records = allocate(slabs, 2 * shorts_a_slab);
  void* survivor = records[17];
  std::memset(survivor, 0x5A, short_bytes);
  for (std::size_t i = 0; i < shorts_a_slab; ++i) {
    if (records[i] != survivor) slabs.retire(records[i]);
  }

  bool apart = true;
  for (std::size_t i = 0; i < 20 * shorts_a_slab; ++i) {
    void* record = short_record(slabs);
    apart = apart && slab_of(record) != slab_of(survivor);
    std::memset(record, 0, short_bytes);
    slabs.retire(record);
  }
  CHECK(apart);
  const std::vector<char> expected(short_bytes, 0x5A);
  CHECK(std::memcmp(survivor, expected.data(), short_bytes) == 0);
}

TEST_CASE("slabs: a record longer than a slab has a slab to itself") {
  Slabs slabs;
  const void* before = short_record(slabs);
  const std::size_t reserved = slabs.bytes_reserved();
  const std::size_t bytes = Long::size_for(100'000);
  void* record = slabs.allocate(bytes);
  std::memset(record, 0x5A, bytes);
  const void* after = short_record(slabs);

  CHECK(slab_of(record) != slab_of(before));
  CHECK(slab_of(record) != slab_of(after));
  CHECK(position(before) < position(record));
  CHECK(position(record) + short_bytes == position(after));
  CHECK(slabs.bytes_reserved() == reserved + sizeof(Slab) + bytes);
  slabs.retire(record);
  CHECK(slabs.bytes_reserved() == reserved);
}

TEST_CASE("slabs: the slab of a long record that has died while it was the newest takes no other") {
  Slabs slabs;
  const void* first = short_record(slabs);
  const std::size_t reserved = slabs.bytes_reserved();
  std::uint64_t last = position(first);
  for (const std::size_t words : {2037U, 2038U, 2039U, 2040U, 2041U, 5000U, 100'000U}) {
    CAPTURE(words);
    const void* record = slabs.allocate(Long::size_for(words));
    REQUIRE(position(record) > last);
    slabs.retire(record);
    last = slabs.now();
    const std::vector<void*> records = allocate(slabs, 2 * shorts_a_slab);
    for (const void* next : records) {
      REQUIRE(position(next) > last);
      last = position(next);
    }
    for (const void* next : records) slabs.retire(next);
    CHECK(slabs.live() == 1);
    CHECK(slabs.bytes_reserved() == reserved);  // the long one went back
  }
}

TEST_CASE("slabs: one survivor in a thousand keeps one slab at most") {
  Slabs slabs;
  const std::vector<void*> records = allocate(slabs, 100'000);
  const std::size_t reserved = slabs.bytes_reserved();
  std::set<const Slab*> pinned;
  std::set<const Slab*> all;
  std::size_t survivors = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    all.insert(slab_of(records[i]));
    if (i % 1000 != 500) continue;
    pinned.insert(slab_of(records[i]));
    ++survivors;
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i % 1000 != 500) slabs.retire(records[i]);
  }
  CHECK(slabs.live() == survivors);
  CHECK(pinned.size() <= survivors);

  // All other slabs serve again before any memory is asked for.
  const std::size_t others = all.size() - pinned.size();
  const std::vector<void*> again = allocate(slabs, others * shorts_a_slab);
  CHECK(slabs.bytes_reserved() == reserved);
  bool apart = true;
  for (const void* record : again) apart = apart && !pinned.contains(slab_of(record));
  CHECK(apart);
}

TEST_CASE("slabs: of the memory of dead records 64 MiB stay, more goes back") {
  constexpr std::size_t kept = std::size_t{64} << 20;
  constexpr std::size_t mebibyte = std::size_t{1} << 20;
  Slabs slabs;
  const std::vector<void*> records = allocate(slabs, (kept + 8 * mebibyte) / short_bytes);
  const std::size_t reserved = slabs.bytes_reserved();
  CHECK(reserved >= kept + 8 * mebibyte);
  CHECK(reserved <= kept + 16 * mebibyte);
  SUBCASE("the oldest first") {
    for (const void* record : records) slabs.retire(record);
  }
  SUBCASE("the newest first") {
    for (auto record = records.rbegin(); record != records.rend(); ++record) slabs.retire(*record);
  }
  CHECK(slabs.live() == 0);
  CHECK(slabs.bytes_reserved() <= kept + 2 * mebibyte);
  CHECK(slabs.bytes_reserved() >= kept);
  const std::size_t after = slabs.bytes_reserved();
  const std::vector<void*> again = allocate(slabs, kept / 2 / short_bytes);
  CHECK(slabs.bytes_reserved() == after);
}

TEST_CASE_FIXTURE(GraphFixture, "walk: marked records come newest first, over all slab changes") {
  // Short and long records, some longer than a slab, with dead ones in between.
  const Handle x = leaf(0.5);
  std::vector<Handle> kept;
  for (std::size_t i = 0; i < 3000; ++i) {
    if (i % 500 == 499) {
      const std::vector<Node*> many(i, x.node());
      kept.emplace_back(graph, graph.new_long(0.0, 0, 0, static_cast<std::uint32_t>(many.size())));
    } else if (i % 7 == 0) {
      kept.push_back(apply<"clip">(x, -1.0, 1.0));
    } else {
      kept.push_back(x * 2.0);
    }
    if (i % 3 == 0) static_cast<void>(x + 1.0);  // dies at once
    if (i % 11 == 10) kept.erase(kept.end() - 5);
  }

  Pass pass(graph, kept.back().node());
  std::size_t marks = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i % 4 != 1 || i + 1 == kept.size()) marks += pass.reach(kept[i].node());
  }
  Walk walk(kept.back().node());
  bool in_order = true;
  bool positions_agree = true;
  for (std::size_t i = kept.size(); i-- > 0;) {
    if (i % 4 == 1 && i + 1 != kept.size()) continue;
    const Node* node = walk.next();
    in_order = in_order && node == kept[i].node() && !node->has(marked);
    positions_agree = positions_agree &&
                      walk.origin() - reinterpret_cast<std::uintptr_t>(node) == position_of(node);
    --marks;
  }
  CHECK(in_order);
  CHECK(positions_agree);
  CHECK(marks == 0);
  CHECK(walk.next_if_any() == nullptr);
  pass.complete();
}

TEST_CASE_FIXTURE(GraphFixture, "pass: its end takes away the marks that an exception has left") {
  const Handle x = leaf(0.5);
  std::vector<Handle> kept;
  for (std::size_t i = 0; i < 2000; ++i) kept.push_back(x * 2.0);
  {
    Pass pass(graph, kept.back().node());
    for (const Handle& value : kept) pass.reach(value.node());
    pass.reach(x.node());
    CHECK(pass.leaves().size() == 1);
  }
  bool clear = !x.node()->has(marked);
  for (const Handle& value : kept) clear = clear && !value.node()->has(marked);
  CHECK(clear);
}

}  // namespace autograd::test
