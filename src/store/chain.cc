#include "store/chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace nguon::store {
namespace {

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object json_of(const ManifestSegment& segment) {
    return {{"sha256", segment.sha256},
            {"rows", segment.rows},
            {"bytes", segment.bytes},
            {"first", segment.first},
            {"last", segment.last},
            {"inserted", segment.changes.inserted},
            {"updated", segment.changes.updated},
            {"deleted", segment.changes.deleted}};
}

json::value json_of(const std::optional<ManifestFile>& file) {
    if (!file) return nullptr;
    return json::object{{"sha256", file->sha256}, {"rows", file->rows}, {"bytes", file->bytes}};
}

// Throws what Boost.JSON throws when a member is absent or of another type.
ManifestSegment segment_of(const json::value& value) {
    ManifestSegment segment;
    segment.sha256 = value.at("sha256").as_string();
    segment.rows = value.at("rows").to_number<std::int64_t>();
    segment.bytes = value.at("bytes").to_number<std::uint64_t>();
    segment.first = value.at("first").to_number<std::int64_t>();
    segment.last = value.at("last").to_number<std::int64_t>();
    segment.changes.inserted = value.at("inserted").to_number<std::int64_t>();
    segment.changes.updated = value.at("updated").to_number<std::int64_t>();
    segment.changes.deleted = value.at("deleted").to_number<std::int64_t>();
    return segment;
}

std::optional<ManifestFile> file_of(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    return ManifestFile{std::string(value.at("sha256").as_string()),
                        value.at("rows").to_number<std::int64_t>(),
                        value.at("bytes").to_number<std::uint64_t>()};
}

constexpr std::array<std::string_view, 4> kRedactionNames{"segment", "quarantine", "originals",
                                                          "receipt"};

json::object json_of(const Redaction& redaction) {
    json::object object{{"of", kRedactionNames[static_cast<std::size_t>(redaction.of)]},
                        {"batch", redaction.batch},
                        {"before", redaction.before},
                        {"after", text_or_null(redaction.after)},
                        {"bytes", redaction.bytes},
                        {"rows", redaction.rows}};
    if (redaction.of == Redaction::Of::kSegment) {
        object["first"] = redaction.first;
        object["inserted"] = redaction.changes.inserted;
        object["updated"] = redaction.changes.updated;
        object["deleted"] = redaction.changes.deleted;
    }
    return object;
}

Redaction redaction_of(const json::value& value) {
    Redaction redaction;
    const auto name =
        std::ranges::find(kRedactionNames, std::string_view(value.at("of").as_string()));
    if (name == kRedactionNames.end()) throw std::invalid_argument("of");
    redaction.of = static_cast<Redaction::Of>(name - kRedactionNames.begin());
    redaction.batch = value.at("batch").as_string();
    redaction.before = value.at("before").as_string();
    if (!value.at("after").is_null()) redaction.after = value.at("after").as_string();
    redaction.bytes = value.at("bytes").to_number<std::uint64_t>();
    redaction.rows = value.at("rows").to_number<std::int64_t>();
    if (redaction.of == Redaction::Of::kSegment) {
        redaction.first = value.at("first").to_number<std::int64_t>();
        redaction.changes.inserted = value.at("inserted").to_number<std::int64_t>();
        redaction.changes.updated = value.at("updated").to_number<std::int64_t>();
        redaction.changes.deleted = value.at("deleted").to_number<std::int64_t>();
    }
    return redaction;
}

std::unexpected<Error> not_a_manifest() {
    return fail(Code::kCorrupt,
                {"Nội dung đã ký không phải một bản kê.", "What was signed is no manifest."});
}

}  // namespace

std::string manifest_payload(const Manifest& manifest) {
    json::array segments;
    for (const ManifestSegment& segment : manifest.segments)
        segments.push_back(json_of(segment));
    json::value fields = nullptr;
    if (!manifest.fields.empty()) {
        json::array list;
        for (const FieldId& field : manifest.fields)
            list.push_back(json::object{{"id", field.id}, {"column", field.column}});
        fields = std::move(list);
    }
    json::object payload{{"type", kManifestType},
                         {"dataset", manifest.dataset},
                         {"number", manifest.number},
                         {"previous", text_or_null(manifest.previous)},
                         {"batch", manifest.batch},
                         {"at", format_time(manifest.at)},
                         {"contract_version", manifest.contract_version},
                         {"mode", manifest.mode},
                         {"segments", std::move(segments)},
                         {"quarantine", json_of(manifest.quarantine)},
                         {"originals", json_of(manifest.originals)},
                         {"sha256", manifest.body_sha256},
                         {"receipt", manifest.receipt_sha256},
                         {"fields", std::move(fields)}};
    if (manifest.writes > 0) {
        payload["writes"] = {{"count", manifest.writes}, {"sha256", manifest.writes_sha256}};
    }
    if (!manifest.redactions.empty()) {
        json::array files;
        for (const Redaction& redaction : manifest.redactions)
            files.push_back(json_of(redaction));
        payload["erasure"] = {{"order", manifest.order}, {"redactions", std::move(files)}};
    }
    return to_text(payload);
}

Result<Manifest> parse_manifest(std::string_view payload) {
    TRY_ASSIGN(const json::value value, parse_json(payload));
    try {
        if (value.at("type").as_string() != kManifestType) return not_a_manifest();
        Manifest manifest;
        manifest.dataset = value.at("dataset").as_string();
        manifest.number = value.at("number").to_number<std::int64_t>();
        if (!value.at("previous").is_null()) manifest.previous = value.at("previous").as_string();
        manifest.batch = value.at("batch").as_string();
        TRY_ASSIGN(manifest.at, parse_time(value.at("at").as_string()));
        manifest.contract_version = value.at("contract_version").as_string();
        manifest.mode = value.at("mode").as_string();
        for (const json::value& segment : value.at("segments").as_array()) {
            manifest.segments.push_back(segment_of(segment));
        }
        manifest.quarantine = file_of(value.at("quarantine"));
        manifest.originals = file_of(value.at("originals"));
        manifest.body_sha256 = value.at("sha256").as_string();
        manifest.receipt_sha256 = value.at("receipt").as_string();
        if (const json::value& fields = value.at("fields"); !fields.is_null()) {
            for (const json::value& field : fields.as_array()) {
                manifest.fields.push_back(
                    {std::string(field.at("column").as_string()), field.at("id").to_number<int>()});
            }
        }
        if (const json::value* writes = value.get_object().if_contains("writes")) {
            manifest.writes = writes->at("count").to_number<std::int64_t>();
            manifest.writes_sha256 = writes->at("sha256").as_string();
        }
        if (const json::value* erasure = value.get_object().if_contains("erasure")) {
            manifest.order = erasure->at("order").as_string();
            for (const json::value& redaction : erasure->at("redactions").as_array())
                manifest.redactions.push_back(redaction_of(redaction));
        }
        return manifest;
    } catch (const std::exception&) {
        return not_a_manifest();
    }
}

std::filesystem::path manifest_path(std::string_view dataset, std::int64_t number) {
    return std::filesystem::path("chain") / dataset / fmt::format("{}.jws", number);
}

std::optional<std::int64_t> manifest_number(std::string_view file_name) {
    constexpr std::string_view kExtension = ".jws";
    if (!file_name.ends_with(kExtension)) return std::nullopt;
    file_name.remove_suffix(kExtension.size());
    std::int64_t number = 0;
    const char* end = file_name.data() + file_name.size();
    const auto [stop, error] = std::from_chars(file_name.data(), end, number);
    if (error != std::errc() || stop != end || number < 1 ||
        fmt::format("{}", number) != file_name) {
        return std::nullopt;
    }
    return number;
}

}  // namespace nguon::store
