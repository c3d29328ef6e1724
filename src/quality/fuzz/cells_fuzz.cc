// Any bytes in a cell are a value or a fault with words: JSON of a nested column, WKT, GeoJSON.
// What is kept is kept again as it is.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/normal_form.h"
#include "quality/cell_checks.h"

namespace {

constexpr std::string_view kContract = R"(
apiVersion: v3.2.0
kind: DataContract
id: a
version: 1.0.0
domain: a
schema:
  - name: b
    properties:
      - name: o
        logicalType: object
        properties:
          - {name: s, logicalType: string, logicalTypeOptions: {pattern: '[a-z]*', maxLength: 9}}
          - {name: i, logicalType: integer, logicalTypeOptions: {format: i16, multipleOf: 2}}
          - {name: d, logicalType: number, physicalType: 'DECIMAL(20,3)', logicalTypeOptions: {minimum: -5}}
          - {name: t, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm', defaultTimezone: Asia/Ho_Chi_Minh}}
          - {name: w, logicalType: string, logicalTypeOptions: {format: wkt}}
          - {name: g, logicalType: object, logicalTypeOptions: {format: geojson}}
          - {name: a, logicalType: array, logicalTypeOptions: {uniqueItems: true}, items: {logicalType: number}}
          - {name: m, logicalType: map, map: {key: {logicalType: integer}, value: {logicalType: date}}}
          - {name: v, logicalType: vector, logicalTypeOptions: {dimensions: 2, elementType: int8}}
      - {name: w, logicalType: string, logicalTypeOptions: {format: wkt}}
      - {name: g, logicalType: object, logicalTypeOptions: {format: geojson}}
      - {name: x, logicalType: array}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto contract = nguon::contract::parse(kContract, "fuzz.yaml");
    if (!contract) std::abort();
    const std::string_view given(reinterpret_cast<const char*>(data), size);
    // As the scan asks: never for what is not UTF-8, has a zero, or is empty.
    if (given.empty() || !nguon::is_utf8(given) || given.find('\0') != std::string_view::npos)
        return 0;
    std::string normal, buffer, again;
    const std::string text(nguon::to_nfc(given, normal));
    for (const nguon::contract::Column& column : contract->datasets.at(0).columns) {
        const auto check = nguon::quality::cell_check_of(column);
        std::string_view kept, kept_again;
        const bool good = check->read(text, buffer, kept);
        if (good != nguon::quality::fault_of_cell(column, text).empty()) std::abort();
        if (!good) continue;
        const std::string first(kept);
        if (!check->read(first, again, kept_again) || kept_again != first) std::abort();
    }
    return 0;
}
