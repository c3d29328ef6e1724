// Any text as a query and as a row rule: allowed, or refused with words; and what is allowed names
// datasets only as domain.name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "sql/allow_list.h"
#include "sql/duckdb.h"

namespace {

template <class T>
void check_error(const nguon::Result<T>& result) {
    if (result) return;
    const nguon::Error& error = result.error();
    if (error.detail.vi.empty() || error.detail.en.empty()) std::abort();
    if (error.code == nguon::Code::kInternal) std::abort();  // a parse tree of an unknown shape
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon;
    // Never closed: what DuckDB keeps for a thread goes before statics do.
    static sql::Duck* const duck =
        sql::Duck::open(
            {.memory_limit = "256MB", .threads = 1, .temporary_folder = {}, .preserve_order = true})
            ->release();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto datasets = sql::check_select(*duck, text);
    check_error(datasets);
    if (datasets) {
        for (const std::string& name : *datasets) {
            if (name.find('.') == std::string::npos) std::abort();
        }
    }
    check_error(sql::check_row_expression(*duck, text, {"a", "b"}));
    return 0;
}
