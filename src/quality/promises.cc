#include "quality/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace nguon::quality {
namespace {

using contract::SlaProperty;

enum class Meaning { kBatches, kAge, kStart, kEnd, kNone };

Meaning meaning_of(const SlaProperty& property) {
    const std::string word = to_lower_ascii(property.property);
    if (word == "frequency") return Meaning::kBatches;
    if (word == "freshness" || word == "latency") return Meaning::kAge;
    if (word == "generalavailability") return Meaning::kStart;
    if (word == "endofsupport" || word == "endoflife") return Meaning::kEnd;
    return Meaning::kNone;
}

// What `element` says of one dataset: whether it is meant, and which column.
struct Element {
    bool applies = false;
    std::string column;
};

// One of "person", "person.birth_date", and where the contract has one dataset "birth_date".
Element element_of(std::string_view text, const contract::Contract& contract,
                   const contract::Dataset& dataset) {
    const std::size_t dot = text.rfind('.');
    const std::string_view object = dot == std::string_view::npos ? "" : text.substr(0, dot);
    const std::string_view last = dot == std::string_view::npos ? text : text.substr(dot + 1);
    if (text == dataset.schema || text == dataset.name) return {true, ""};
    if (!object.empty() && object != dataset.schema && object != dataset.name) return {};
    if (object.empty() && contract.datasets.size() > 1) return {};
    if (dataset.column(last) == nullptr) return {};
    return {true, std::string(last)};
}

Element element_of(const SlaProperty& property, const contract::Contract& contract,
                   const contract::Dataset& dataset) {
    const std::string& text =
        property.element.empty() ? contract.sla_default_element : property.element;
    if (text.empty()) return {true, ""};
    for (const std::string& one : split(text, ',')) {
        Element element = element_of(trim(one), contract, dataset);
        if (element.applies) return element;
    }
    return {};
}

bool tells_time(const contract::Dataset& dataset, const std::string& name) {
    const contract::Column* column = dataset.column(name);
    return column != nullptr && (column->type == contract::LogicalType::kDate ||
                                 column->type == contract::LogicalType::kTimestamp);
}

std::optional<double> number(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || end != text.c_str() + text.size()) return std::nullopt;
    return value;
}

// A time, or the start of a day in Viet Nam.
std::optional<Micros> moment(const std::string& text) {
    if (const Result<Micros> at = parse_time(text)) return *at;
    const Result<Micros> day = parse_time(text + "T00:00:00+07:00");
    return day ? std::optional(*day) : std::nullopt;
}

Problem problem(const contract::Contract& contract, const SlaProperty& property, Text what,
                Text fix) {
    return {contract.file,    property.at.line, property.at.column,
            property.at.path, std::move(what),  std::move(fix)};
}

std::optional<Problem> fault_of(const contract::Contract& contract, const SlaProperty& property) {
    const Meaning meaning = meaning_of(property);
    if (meaning == Meaning::kNone) return std::nullopt;
    if (meaning == Meaning::kStart || meaning == Meaning::kEnd) {
        if (moment(property.value)) return std::nullopt;
        return problem(contract, property,
                       {fmt::format("`{}` không phải một ngày", property.value),
                        fmt::format("`{}` is no date", property.value)},
                       {"viết như 2026-11-22 hoặc 2026-11-22T08:00:00+07:00",
                        "write 2026-11-22 or 2026-11-22T08:00:00+07:00"});
    }
    const std::optional<double> count = number(property.value);
    if (!count || !duration_of(*count, property.unit)) {
        return problem(
            contract, property,
            {fmt::format("`{} {}` không phải một khoảng thời gian", property.value, property.unit),
             fmt::format("`{} {}` is no length of time", property.value, property.unit)},
            {"viết `value: 30` và `unit: d` (s, m, h, d, w, mo hoặc y)",
             "write `value: 30` and `unit: d` (s, m, h, d, w, mo or y)"});
    }
    bool applies = false;
    for (const contract::Dataset& dataset : contract.datasets) {
        const Element element = element_of(property, contract, dataset);
        applies = applies || element.applies;
        if (meaning != Meaning::kAge || element.column.empty() ||
            tells_time(dataset, element.column)) {
            continue;
        }
        return problem(contract, property,
                       {fmt::format("cột `{}` không phải ngày hay thời điểm", element.column),
                        fmt::format("the column `{}` is no date or timestamp", element.column)},
                       {"chọn cột cho biết dữ liệu mới đến đâu, hoặc bỏ tên cột",
                        "name the column that says how new the data is, or no column"});
    }
    if (applies) return std::nullopt;
    return problem(contract, property,
                   {fmt::format("không có `{}` trong hợp đồng này", property.element),
                    fmt::format("there is no `{}` in this contract", property.element)},
                   {"viết bảng.cột, hoặc bỏ `element`", "write table.column, or drop `element`"});
}

}  // namespace

Promises promises_of(const contract::Contract& contract, const contract::Dataset& dataset) {
    Promises promises;
    for (const SlaProperty& property : contract.sla) {
        const Meaning meaning = meaning_of(property);
        const Element element = element_of(property, contract, dataset);
        if (meaning == Meaning::kNone || !element.applies) continue;
        if (meaning == Meaning::kStart || meaning == Meaning::kEnd) {
            const std::optional<Micros> at = moment(property.value);
            if (!at) continue;
            if (meaning == Meaning::kStart) promises.from = std::max(promises.from, *at);
            if (meaning == Meaning::kEnd)
                promises.until = std::min(promises.until.value_or(*at), *at);
            continue;
        }
        const std::optional<double> count = number(property.value);
        const std::optional<Micros> allowed =
            count ? duration_of(*count, property.unit) : std::nullopt;
        if (!allowed) continue;
        Promise promise{to_lower_ascii(property.property), "", *allowed, duration_text(*allowed),
                        false};
        if (meaning == Meaning::kAge && tells_time(dataset, element.column))
            promise.column = element.column;
        const contract::Column* column = dataset.column(promise.column);
        promise.by_day = column != nullptr && column->type == contract::LogicalType::kDate;
        promises.all.push_back(std::move(promise));
    }
    return promises;
}

Result<void> check_promises(const contract::Contract& contract) {
    std::vector<Problem> problems;
    for (const SlaProperty& property : contract.sla) {
        if (std::optional<Problem> fault = fault_of(contract, property))
            problems.push_back(std::move(*fault));
    }
    if (problems.empty()) return {};
    Error error;
    error.code = Code::kInvalid;
    error.detail = {fmt::format("Hợp đồng {} có cam kết về độ mới không hiểu được.", contract.file),
                    fmt::format("The contract {} promises a freshness that cannot be understood.",
                                contract.file)};
    error.fix = {"Sửa các chỗ nêu dưới đây.", "Mend the places named below."};
    error.errors = std::move(problems);
    return std::unexpected(std::move(error));
}

}  // namespace nguon::quality
