// Whatever stands in a column, looking at it ends, and what is said of it holds together.
#include <cstdlib>

#include "base/text.h"
#include "intake/cell_fixes.h"
#include "intake/column_guess.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace nguon;
    using namespace nguon::intake;
    ColumnGuess guess(2026);
    std::int64_t row = 0;
    for (const std::string& cell :
         split(std::string_view(reinterpret_cast<const char*>(data), size), '\n')) {
        guess.see(cell, ++row);
        if (const auto mended = ungarbled(cell); mended && mended->size() >= cell.size())
            std::abort();
        std::string shape;
        append_shape(shape, cell);
        if (lost_digits(cell) && names_nothing(cell)) std::abort();
    }
    if (guess.values() + guess.nulls() != row) std::abort();
    if (const Histogram* numbers = guess.numbers()) {
        std::int64_t sum = 0;
        const auto bins = numbers->bins(1e-6);
        for (const Bin& bin : bins)
            sum += bin.count;
        if (sum != numbers->count() || bins.size() > kMostBins) std::abort();
    }
    if (const DayHistogram* days = guess.days()) {
        std::int64_t sum = 0;
        for (const DayHistogram::Span& span : days->bins())
            sum += span.count;
        if (sum != days->count()) std::abort();
    }
    (void)guess.personal().guess("ho_ten", false);
    (void)guess.codes().guess("ma_xa", row);
    return 0;
}
