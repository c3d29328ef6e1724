// Counting in bounded memory: hashes, different values, repeated rows, bins; and that what a
// receipt and a check say by them is what the rows hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "intake/distinct_values.h"
#include "intake/internal/batch_counts.h"
#include "intake/internal/load_fixture.h"
#include "intake/profile.h"
#include "intake/row_twins.h"

namespace nguon::intake {
namespace {

std::uint64_t hash_of(std::int64_t number, std::uint64_t seed = 7) {
    const std::string text = std::to_string(number);
    return mixed_hash(seed, text.data(), text.size());
}

// Goal: every byte of a value counts, at any length. Method: texts of up to 40 bytes, one bit
// changed after the other.
TEST(HashSet, EveryBitOfAValueCounts) {
    HashSet seen;
    std::size_t count = 0;
    std::string text;
    for (std::size_t length = 0; length <= 40; ++length, text += 'a') {
        count += seen.insert(mixed_hash(7, text.data(), text.size())) ? 1 : 0;
        for (std::size_t bit = 0; bit < 8 * length; ++bit) {
            std::string other = text;
            other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
            count += seen.insert(mixed_hash(7, other.data(), other.size())) ? 1 : 0;
        }
    }
    EXPECT_EQ(count, 41 + 8 * 40 * 41 / 2);
    EXPECT_EQ(seen.size(), count);
}

// Two values whose hashes are equal under a seed that is known: the second word of a block is what
// the blocks before it came to, so that their product is zero whatever the first word is.
std::pair<std::string, std::string> false_twins(std::uint64_t seed) {
    constexpr std::size_t kLength = 48;
    const auto word = [](const std::string& text, std::size_t at) {
        std::uint64_t value = 0;
        std::memcpy(&value, text.data() + at, 8);
        return value;
    };
    const std::uint64_t key = (seed ^ 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    for (std::int64_t tried = 0;; ++tried) {
        const std::string block = fmt::format("{:016}", tried);
        const std::uint64_t hash =
            folded(word(block, 0) ^ key, word(block, 8) ^ seed ^ (kLength * 0x9E3779B97F4A7C15u));
        std::string middle(8, ' ');
        std::memcpy(middle.data(), &hash, 8);
        if (!std::ranges::all_of(middle, [](char c) { return std::isalnum(c) != 0; })) continue;
        const std::string end(16, 'e');
        return {block + "aaaaaaaa" + middle + end, block + "bbbbbbbb" + middle + end};
    }
}

class SeedTest : public LoadTest {};

// Goal: who sends a file cannot make values that are taken for equal. Method: such values for the
// seeds of former versions; they are equal under those, and not in a load.
TEST_F(SeedTest, ValuesMadeForAKnownSeedAreNotEqual) {
    apply("  - name: t\n    properties:\n      - {name: v, logicalType: string}\n");
    for (const std::uint64_t seed : {0x9E3779B97F4A7C15u, std::uint64_t{0x6E67756F6E}}) {
        const auto [one, other] = false_twins(seed);
        ASSERT_EQ(mixed_hash(seed, one.data(), one.size()),
                  mixed_hash(seed, other.data(), other.size()));
        const json::value receipt = load("t.t", "v\n" + one + "\n" + other + "\n");
        for (const json::value& result : receipt.at("results").as_array())
            EXPECT_NE(result.at("rule").as_string(), "duplicate_rows");
        const auto duck = sql::Duck::open({});
        ASSERT_TRUE((*duck)->execute(
            fmt::format("CREATE TABLE t AS SELECT unnest(['{}', '{}']) AS v", one, other)));
        DistinctCounts counts({{"v", {sql::Kind::kText}}}, seed_from(system_random()));
        ASSERT_TRUE(counts.register_on(**duck, "_count"));
        ASSERT_TRUE(
            (*duck)->query_integer("SELECT count(*) FROM t WHERE " + counts.call("_count")));
        EXPECT_EQ(counts.take(), std::vector<std::int64_t>{2});
    }
}

// Goal: repeated rows are exact while there are few and near after. Method: every tenth number
// twice; past a million the sample has to hold.
TEST(RowTwins, AreExactThenEstimated) {
    RowTwins twins;
    std::int64_t known = 0;
    for (std::int64_t i = 0; i < 900'000; ++i) {
        twins.see(hash_of(i));
        if (i % 10 == 0) known += twins.see(hash_of(i)) ? 1 : 0;
    }
    EXPECT_EQ(known, 90'000);
    EXPECT_EQ(twins.repeated(), 90'000);
    EXPECT_EQ(twins.distinct(), 900'000);
    EXPECT_FALSE(twins.estimated());
    for (std::int64_t i = 900'000; i < 5'000'000; ++i) {
        twins.see(hash_of(i));
        if (i % 10 == 0) twins.see(hash_of(i));
    }
    EXPECT_TRUE(twins.estimated());
    EXPECT_NEAR(static_cast<double>(twins.repeated()), 500'000, 10'000);
    EXPECT_NEAR(static_cast<double>(twins.distinct()), 5'000'000, 50'000);
}

// Goal: few values are counted exactly and many within the error that is stated, also where threads
// saw the same ones. Method: two sketches that overlap.
TEST(DistinctSketch, IsExactForFewAndNearForMany) {
    for (const std::int64_t many : {0, 1, 999, 1'000, 1'001, 3'000, 20'000, 1'000'000}) {
        DistinctSketch a, b;
        for (std::int64_t i = 0; i < many; ++i) {
            if (i % 3 != 0) a.add(hash_of(i));
            if (i % 3 != 1) b.add(hash_of(i));
        }
        a.add(b);
        const double error = many <= 1'000 ? 0.0 : 0.07 * static_cast<double>(many);
        EXPECT_NEAR(static_cast<double>(a.estimate()), static_cast<double>(many), error);
    }
    DistinctSketch few, many;
    for (std::int64_t i = 0; i < 2'900; ++i)
        (i < 900 ? few : many).add(hash_of(i));
    few.add(many);
    EXPECT_NEAR(static_cast<double>(few.estimate()), 2'900, 200);
}

// Goal: bins and means are those of SQL, whatever a value's type. Method: a table in DuckDB.
TEST(BinCounts, AreThoseOfSql) {
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE((*duck)->execute(
        "CREATE TABLE t AS SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i / 4.0 END::DECIMAL(18,2) "
        "AS a, date '2000-01-01' + i::INT AS d FROM range(100000) r(i)"));
    BinCounts bins({{"CAST(a AS DOUBLE)", {-1, 0, 100.25, 20'000}}, {"epoch_us(d) / 1e6", {}}});
    ASSERT_TRUE(bins.register_on(**duck, "_bins"));
    EXPECT_EQ(*(*duck)->query_integer("SELECT count(*) FROM t WHERE " + bins.call("_bins")),
              100'000);
    const std::vector<BinCounts::Count> counts = bins.take();
    auto expected = (*duck)->query(
        "SELECT count(*) FILTER (WHERE a < 0), count(*) FILTER (WHERE a >= 0 AND a < 100.25), "
        "count(*) FILTER (WHERE a >= 100.25 AND a < 20000), count(*) FILTER (WHERE a >= 20000), "
        "count(a), avg(a) FROM t");
    ASSERT_EQ(*expected->next(), 1);
    for (std::size_t bin = 0; bin < 4; ++bin)
        EXPECT_EQ(counts[0].bins[bin + 1], expected->integer(bin, 0)) << bin;
    EXPECT_EQ(counts[0].bins[0], 0);
    EXPECT_EQ(counts[0].values, expected->integer(4, 0));
    EXPECT_NEAR(counts[0].mean, expected->number(5, 0), 1e-6);
    EXPECT_EQ(counts[1].values, 100'000);
    EXPECT_EQ(counts[1].bins, std::vector<std::int64_t>{100'000});
}

// Goal: a column with too many values for the memory is still counted exactly. Method: the same
// file with room for all of its values, for some and for none.
TEST(Profile, DifferentValuesAreExactWithoutMemory) {
    std::string text = "ma,ten,xa\n";
    for (int i = 0; i < 5'000; ++i)
        text += fmt::format("{},{},{}\n", i, i % 2 == 0 ? "Hoà" : "Hoa\u0300", i % 300);
    scan::InputOptions options;
    options.bytes = text;
    options.temporary_folder = std::filesystem::temp_directory_path();
    for (const std::size_t slots : {std::size_t{1} << 24, std::size_t{2'000}, std::size_t{0}}) {
        const auto profile = intake::profile(options, {system_random(), 0, slots});
        ASSERT_TRUE(profile) << profile.error().detail.en;
        EXPECT_EQ(profile->columns[0].distinct, 5'000) << slots;
        EXPECT_EQ(profile->columns[1].distinct, 1) << slots << ": one text in two spellings";
        EXPECT_EQ(profile->columns[2].distinct, 300) << slots;
        EXPECT_TRUE(profile->columns[0].likely_key);
    }
}

class BatchCountsTest : public LoadTest {
protected:
    static std::int64_t of(const json::value& receipt, std::string_view column,
                           std::string_view what) {
        return receipt.at("profile").at("columns").at(column).at(what).as_int64();
    }
};

// Goal: the profile is of the rows that entered. Method: rows set aside before they are staged,
// taken out after it, and let in after it (the first of a repeated key was wrong).
TEST_F(BatchCountsTest, TheProfileIsOfTheRowsThatEntered) {
    apply(
        "  - name: tram\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: code, logicalType: string, unique: true}\n"
        "      - {name: kind, logicalType: string}\n"
        "      - {name: staff, logicalType: integer}\n"
        "      - {name: share, logicalType: number, physicalType: 'DECIMAL(4,2)'}\n"
        "      - {name: open, logicalType: boolean}\n"
        "      - {name: since, logicalType: date}\n");
    const json::value receipt = load("t.tram",
                                     "id,code,kind,staff,share,open,since\n"
                                     "1,a,x,5,0.50,true,2020-01-01\n"
                                     "2,b,x,many,0.50,true,2020-01-02\n"   // no number: set aside
                                     "2,b,y,6,1.50,false,2020-01-02\n"     // so this one enters
                                     "3,a,only_here,7,,true,2020-01-03\n"  // code twice: taken out
                                     "4,d,,8,1.50,true,\n"
                                     "4,d,,8,1.50,true,\n");  // repeats the key
    ASSERT_EQ(at(receipt, "rows", "accepted"), 3);
    EXPECT_EQ(of(receipt, "id", "distinct"), 3);
    EXPECT_EQ(of(receipt, "code", "distinct"), 3);
    EXPECT_EQ(of(receipt, "kind", "distinct"), 2) << "x, y";
    EXPECT_EQ(of(receipt, "kind", "nulls"), 1);
    EXPECT_EQ(of(receipt, "staff", "distinct"), 3);
    EXPECT_EQ(of(receipt, "share", "distinct"), 2);
    EXPECT_EQ(of(receipt, "share", "nulls"), 0);
    EXPECT_EQ(of(receipt, "open", "distinct"), 2);
    EXPECT_EQ(of(receipt, "since", "distinct"), 2);
    EXPECT_EQ(of(receipt, "since", "nulls"), 1);
}

}  // namespace
}  // namespace nguon::intake
