#include "quality/batch_profile.h"

namespace nguon::quality {
namespace {

template <class T>
json::array list_of(const std::vector<T>& values) {
    json::array list;
    for (const T& value : values)
        list.emplace_back(value);
    return list;
}

std::int64_t whole(const json::object& object, std::string_view name, std::int64_t standard) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : standard;
}

const json::array& array_of(const json::object& object, std::string_view name) {
    static const json::array kNone;
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

ColumnShape read_shape(const json::object& object) {
    ColumnShape shape;
    shape.nulls = whole(object, "nulls", 0);
    shape.distinct = whole(object, "distinct", -1);
    for (const json::value& edge : array_of(object, "edges")) {
        if (edge.is_number()) shape.edges.push_back(edge.to_number<double>());
    }
    const json::value* time = object.if_contains("time");
    shape.is_time = time != nullptr && time->is_bool() && time->get_bool();
    for (const json::value& value : array_of(object, "categories")) {
        if (value.is_string()) shape.categories.emplace_back(value.get_string());
    }
    for (const json::value& count : array_of(object, "bins")) {
        if (count.is_int64()) shape.bins.push_back(count.get_int64());
    }
    return shape;
}

}  // namespace

json::object to_json(const BatchProfile& profile) {
    json::object columns;
    for (const auto& [name, shape] : profile.columns) {
        json::object one{{"nulls", shape.nulls}};
        if (shape.distinct >= 0) one["distinct"] = shape.distinct;
        if (!shape.min.is_null()) one["min"] = shape.min;
        if (!shape.max.is_null()) one["max"] = shape.max;
        if (!shape.mean.is_null()) one["mean"] = shape.mean;
        if (!shape.edges.empty()) one["edges"] = list_of(shape.edges);
        if (shape.is_time) one["time"] = true;
        if (!shape.categories.empty()) one["categories"] = list_of(shape.categories);
        if (!shape.bins.empty()) one["bins"] = list_of(shape.bins);
        columns[name] = std::move(one);
    }
    return {{"rows", profile.rows}, {"columns", std::move(columns)}};
}

Result<BatchProfile> profile_from_json(std::string_view text) {
    TRY_ASSIGN(const json::value value, parse_json(text));
    if (!value.is_object()) {
        return fail(Code::kCorrupt,
                    {"Hồ sơ lô không đọc được.", "A batch's profile is unreadable."},
                    {"Chạy `nguon verify`.", "Run `nguon verify`."});
    }
    BatchProfile profile;
    profile.rows = whole(value.get_object(), "rows", 0);
    const json::value* columns = value.get_object().if_contains("columns");
    if (columns == nullptr || !columns->is_object()) return profile;
    for (const auto& column : columns->get_object()) {
        if (column.value().is_object())
            profile.columns[std::string(column.key())] = read_shape(column.value().get_object());
    }
    return profile;
}

}  // namespace nguon::quality
