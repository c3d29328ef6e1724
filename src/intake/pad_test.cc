// Zeros that are put before a key by a guess.
#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

class PadTest : public LoadTest {
protected:
    json::value mend(std::string file) {
        LoadRequest request;
        request.dataset = "t.e";
        request.bytes = std::move(file);
        request.mend = true;
        request.accept = {"pad:id"};
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
};

// Goal: the code that stands in the file wins over the one that was guessed, wherever they stand,
// and the other is set aside with the reason. Method: guessed before, after, twice, and alone.
TEST_F(PadTest, TheRealCodeWins) {
    apply(
        "  - name: e\n    properties:\n      - {name: id, logicalType: string, primaryKey: true, "
        "required: true, logicalTypeOptions: {pattern: '^[0-9]{5}$'}}\n"
        "      - {name: v, logicalType: string}\n");
    const json::value receipt =
        mend("id,v\n5,guess\n00005,real\n00007,real\n7,guess\n9,first\n09,second\n11,a\n00012,b\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"1 key:id", "4 key:id", "6 key:id"}));
    EXPECT_EQ(current("t.e"),
              (Lines{"00005|real", "00007|real", "00009|first", "00011|a", "00012|b"}));
    EXPECT_EQ(at(receipt, "rows", "accepted"), 5);
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
    for (const std::size_t i : {0, 1}) {
        const json::value& row = rows->at("rows").at(i);
        EXPECT_TRUE(row.at("reason").as_string().starts_with("Zeros were put before the key"));
    }
    EXPECT_EQ(rows->at("rows").at(0).at("value"), "5") << "as it stood";
}

// Goal: the same of a unique column that is no key. Method: guessed before and after the real one.
TEST_F(PadTest, TheRealUniqueValueWins) {
    apply(
        "  - name: e\n    properties:\n      - {name: n, logicalType: string, primaryKey: true, "
        "required: true}\n      - {name: id, logicalType: string, unique: true, "
        "logicalTypeOptions: {pattern: '^[0-9]{5}$'}}\n");
    const json::value receipt = mend("n,id\na,5\nb,00005\nc,00007\nd,7\ne,9\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"1 unique:id", "4 unique:id"}));
    EXPECT_EQ(current("t.e"), (Lines{"b|00005", "c|00007", "e|00009"}));
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
    EXPECT_TRUE(rows->at("rows").at(0).at("reason").as_string().starts_with("Zeros were put"));
}

}  // namespace
}  // namespace nguon::intake
