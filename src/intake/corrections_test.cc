// Rows sent again for a batch: which of those set aside they mend.
#include "intake/internal/load_fixture.h"
#include "intake/load.h"
#include "intake/quarantine.h"

namespace nguon::intake {
namespace {

class CorrectionsTest : public LoadTest {
protected:
    json::value correct(const json::value& batch, std::string bytes) {
        LoadRequest request;
        request.dataset = batch.at("dataset").as_string();
        request.bytes = std::move(bytes);
        request.corrects = batch.at("batch").as_string();
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // "rows of left"
    static std::string corrected(const json::value& receipt) {
        return fmt::format("{} {} {}", at(receipt, "corrected", "rows"),
                           at(receipt, "corrected", "of"), at(receipt, "corrected", "left"));
    }
};

// Goal: each row set aside is mended once, by its key; other rows of the file mend nothing. Method:
// one after the other, some of them twice, one as it was, one of no business here.
TEST_F(CorrectionsTest, RowsAreMendedByTheirKey) {
    apply(kPerson);
    const std::string head = "id,name,born,age,sex\n";
    const json::value wrong = load("t.person", head +
                                                   "001,A,,1,m\n"
                                                   "002,,,1,m\n"     // no name
                                                   "003,C,,1,x\n"    // no such sex
                                                   "004,D,1/1,,m\n"  // no date
                                                   "0O5,E,,1,m\n"    // the key itself
                                                   "001,F,,1,m\n");  // the key of another
    EXPECT_TRUE(wrong.at("corrected").is_null());
    EXPECT_EQ(corrected(correct(wrong, head + "002,B,,1,m\n001,A,,9,m\n")), "2 5 3")
        << "a row that answers no key that can be told stands for one that cannot";
    EXPECT_EQ(corrected(correct(wrong, head + "002,Bi,,1,m\n")), "0 5 3") << "mended before";
    EXPECT_EQ(corrected(correct(wrong, head + "003,C,,1,m\n004,D,2000-01-01,,m\n")), "2 5 1");
    EXPECT_EQ(corrected(correct(wrong, head + "005,E,,200,m\n")), "0 5 1") << "set aside again";
    EXPECT_EQ(corrected(correct(wrong, head + "005,E,,1,m\n006,G,,1,m\n")), "1 5 0");
    EXPECT_EQ(corrected(correct(wrong, head + "007,H,,1,m\n")), "0 5 0");
}

// Goal: without keys rows are counted.
TEST_F(CorrectionsTest, WithoutAKeyRowsAreCounted) {
    apply("  - name: e\n    properties:\n      - {name: v, logicalType: integer}\n");
    const json::value wrong = load("t.e", "v\n1\nx\ny\nz\n");
    EXPECT_EQ(corrected(correct(wrong, "v\n7\n")), "1 3 2");
    EXPECT_EQ(corrected(correct(wrong, "v\n8\n9\n10\n")), "2 3 0");
}

// Goal: keys are compared as the contract reads them. Method: a date key in the contract's format.
TEST_F(CorrectionsTest, KeysAreReadByTheContract) {
    apply(
        "  - name: day\n    properties:\n      - {name: d, logicalType: date, primaryKey: true, "
        "logicalTypeOptions: {format: dd/MM/yyyy}}\n      - {name: n, logicalType: integer}\n");
    const json::value wrong = load("t.day", "d,n\n01/02/2020,x\n02/02/2020,x\n");
    EXPECT_EQ(corrected(correct(wrong, "d,n\n02/02/2020,5\n03/03/2020,6\n")), "1 2 1");
}

}  // namespace
}  // namespace nguon::intake
