#include "contract/internal/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "contract/contract.h"
#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

enum class Need { kOptional, kRequired, kUntil30, kFrom31 };

struct Field {
    std::string_view name;
    Shape shape = Shape::kText;
    Need need = Need::kOptional;
    std::string_view example = "…";
};

constexpr Field kDefinition[] = {{"id", Shape::kId},
                                 {"url", Shape::kText, Need::kRequired, "https://example.vn"},
                                 {"type", Shape::kText, Need::kRequired, "businessDefinition"},
                                 {"description"}};
constexpr Field kCustom[] = {{"id", Shape::kId},
                             {"property", Shape::kText, Need::kFrom31, "source"},
                             {"value", Shape::kAny, Need::kFrom31, "…"},
                             {"description"},
                             {"vendor"}};
constexpr Field kRole[] = {{"id", Shape::kId},
                           {"role", Shape::kText, Need::kRequired, "reader"},
                           {"description"},
                           {"access"},
                           {"firstLevelApprovers"},
                           {"secondLevelApprovers"},
                           {"customProperties", Shape::kCustoms}};
constexpr Field kMember[] = {{"id", Shape::kId},
                             {"username", Shape::kText, Need::kFrom31, "nguyenvana"},
                             {"name"},
                             {"description"},
                             {"role"},
                             {"dateIn", Shape::kDay},
                             {"dateOut", Shape::kDay},
                             {"replacedByUsername"},
                             {"tags", Shape::kTexts},
                             {"customProperties", Shape::kCustoms},
                             {"authoritativeDefinitions", Shape::kDefinitions}};
constexpr Field kTeam[] = {{"id", Shape::kId},
                           {"name"},
                           {"description"},
                           {"members", Shape::kMembers},
                           {"tags", Shape::kTexts},
                           {"customProperties", Shape::kCustoms},
                           {"authoritativeDefinitions", Shape::kDefinitions}};
constexpr Field kSupport[] = {{"id", Shape::kId},
                              {"channel", Shape::kText, Need::kRequired, "help-desk"},
                              {"url", Shape::kText, Need::kUntil30, "https://example.vn"},
                              {"description"},
                              {"tool"},
                              {"scope"},
                              {"invitationUrl"},
                              {"customProperties", Shape::kCustoms}};
constexpr Field kPrice[] = {
    {"id", Shape::kId}, {"priceAmount", Shape::kNumber}, {"priceCurrency"}, {"priceUnit"}};
constexpr Field kSynonym[] = {{"id", Shape::kId},
                              {"synonym", Shape::kText, Need::kRequired, "họ tên"},
                              {"description"},
                              {"locale"},
                              {"source"},
                              {"status"},
                              {"customProperties", Shape::kCustoms}};
constexpr Field kStatement[] = {{"id"},
                                {"question", Shape::kText, Need::kRequired, "…"},
                                {"answer"},
                                {"authoritativeDefinitions", Shape::kDefinitions},
                                {"tags", Shape::kTexts},
                                {"customProperties", Shape::kCustoms}};
constexpr Field kConstraint[] = {{"id"},
                                 {"constraint", Shape::kText, Need::kRequired, "…"},
                                 {"authoritativeDefinitions", Shape::kDefinitions},
                                 {"tags", Shape::kTexts},
                                 {"customProperties", Shape::kCustoms}};
constexpr Field kContext[] = {{"instructions"},
                              {"verifiedStatements", Shape::kStatements},
                              {"constraints", Shape::kConstraints}};
constexpr Field kDescription[] = {{"usage"},
                                  {"purpose"},
                                  {"limitations"},
                                  {"authoritativeDefinitions", Shape::kDefinitions},
                                  {"customProperties", Shape::kCustoms}};
constexpr Field kSla[] = {{"id", Shape::kId},
                          {"property", Shape::kText, Need::kRequired, "frequency"},
                          {"value", Shape::kSingle, Need::kRequired, "1"},
                          {"valueExt", Shape::kSingle},
                          {"unit"},
                          {"element"},
                          {"driver"},
                          {"description"},
                          {"scheduler"},
                          {"schedule"},
                          {"customProperties", Shape::kCustoms},
                          {"authoritativeDefinitions", Shape::kDefinitions}};

// Connections by type of server: names of fields, '*' after those that must be there.
struct ServerFields {
    std::string_view type, fields;
};
constexpr ServerFields kServerFields[] = {
    {"api", "location*"},
    {"athena", "stagingDir schema* catalog regionName workgroup"},
    {"azure", "location* format* encoding delimiter"},
    {"bigquery", "project* dataset*"},
    {"btrieve", "host* port database*"},
    {"clickhouse", "host* port* database*"},
    {"cloudsql", "host* port* database* schema*"},
    {"custom",
     "account catalog database dataset delimiter endpointUrl format encoding host location path "
     "port project region regionName schema serviceName stagingDir warehouse stream"},
    {"databricks", "host catalog* schema*"},
    {"db2", "host* port* database* schema"},
    {"denodo", "host* port* database"},
    {"dremio", "host* port* schema"},
    {"duckdb", "database* schema"},
    {"exasol", "host* port schema"},
    {"fastobjects", "database* host port"},
    {"glue", "account* database* location format encoding"},
    {"hana", "host* port database schema"},
    {"hive", "host* port database*"},
    {"iceberg", "catalog* catalogUrl* namespace warehouse"},
    {"impala", "host* port database*"},
    {"informix", "host* port database*"},
    {"ingres", "database* host* port"},
    {"kafka", "host* format encoding"},
    {"kinesis", "region format encoding"},
    {"local", "path* format* encoding"},
    {"mysql", "host* port* database*"},
    {"oracle", "host* port* serviceName*"},
    {"poet", "database* host port"},
    {"postgres", "host* port* database* schema*"},
    {"postgresql", "host* port* database* schema*"},
    {"presto", "host* catalog schema"},
    {"pubsub", "project*"},
    {"redshift", "host database* schema* region account"},
    {"s3", "location* endpointUrl format encoding delimiter"},
    {"sftp", "location* format encoding delimiter"},
    {"snowflake", "host port account* database* schema* warehouse"},
    {"sqlserver", "host* port database* schema*"},
    {"synapse", "host* port* database*"},
    {"teradata", "host* port database"},
    {"trino", "host* port* catalog* schema*"},
    {"vectorwise", "database* host* port"},
    {"versant", "database* host port"},
    {"vertica", "host* port* database* schema*"},
    {"zen", "host* port database*"}};

bool is_needed(Need need, int api) {
    switch (need) {
        case Need::kOptional: return false;
        case Need::kRequired: return true;
        case Need::kUntil30: return api < 310;
        case Need::kFrom31: return api >= 310;
    }
    return false;
}

void check_group(Context& context, const Place& place, std::span<const Field> fields) {
    MapReader group(context, place);
    if (!group.is_map()) return;
    for (const Field& field : fields) {
        // A value that may be anything may be nothing too.
        const bool may_be_empty = field.shape == Shape::kAny || field.shape == Shape::kSingle;
        if (is_needed(field.need, context.api) && !(may_be_empty && group.has(field.name)))
            group.required(field.name, field.example);
        if (may_be_empty) {
            group.skip({field.name});
            if (const auto any = group.raw(field.name)) check_shape(context, *any, field.shape);
        } else if (const auto value = group.value(field.name)) {
            check_shape(context, *value, field.shape);
        }
    }
    group.finish();
}

void check_groups(Context& context, const Place& place, std::span<const Field> fields) {
    for (const Place& item : list_value(context, place))
        check_group(context, item, fields);
}

void check_moment(Context& context, const Place& place, LogicalType type) {
    const auto text = scalar(context, place);
    if (!text || fits(type, *text)) return;
    context.problem(place,
                    {fmt::format("{} không phải {}", shown(*text),
                                 type == LogicalType::kDate ? "ngày có thật" : "thời điểm"),
                     fmt::format("{} is not a {}", shown(*text),
                                 type == LogicalType::kDate ? "date" : "moment of time")},
                    {"viết như " + example_of(type), "write it like " + example_of(type)});
}

void check_number(Context& context, const Place& place) {
    const auto text = scalar(context, place);
    if (!text || (place.node->plain && is_decimal(*text))) return;
    context.problem(place,
                    {fmt::format("{} không phải một số", shown(*text)),
                     fmt::format("{} is not a number", shown(*text))},
                    {"viết số không có nháy, ví dụ `9.95`",
                     "write a number without quotes, for example `9.95`"});
}

void check_whole(Context& context, const Place& place) {
    const auto text = scalar(context, place);
    if (!text || (place.node->plain && to_whole(*text))) return;
    context.problem(place,
                    {fmt::format("{} không phải số nguyên", shown(*text)),
                     fmt::format("{} is not a whole number", shown(*text))},
                    {"viết số, ví dụ `1`", "write a number such as `1`"});
}

void check_port(Context& context, const Place& place) {
    const auto text = scalar(context, place);
    if (!text || context.api >= 320 || (place.node->plain && to_whole(*text))) return;
    context.problem(place,
                    {fmt::format("cổng {} không phải số nguyên", shown(*text)),
                     fmt::format("the port {} is not a whole number", shown(*text))},
                    {"viết số, ví dụ `5432`; từ chuẩn v3.2.0 cũng có thể là chữ",
                     "write a number such as `5432`; from v3.2.0 on it may be a text"});
}

void check_id(Context& context, const Place& place) {
    const auto text = scalar(context, place);
    if (!text) return;
    const bool good = std::all_of(text->begin(), text->end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
    if (good) return;
    context.problem(
        place,
        {fmt::format("mã `id` {} có ký tự ngoài chữ không dấu, số, `_`, `-`", shown(*text)),
         fmt::format("the id {} has characters besides letters, digits, `_`, `-`", shown(*text))},
        {"ví dụ `id: nguon_du_lieu`", "for example `id: data_source`"});
}

void check_word(Context& context, const Place& place, const std::vector<std::string>& words) {
    const auto text = scalar(context, place);
    if (!text || std::find(words.begin(), words.end(), *text) != words.end()) return;
    wrong_word(context, place, *text, words);
}

void check_texts(Context& context, const Place& place) {
    for (const Place& item : list_value(context, place))
        check_shape(context, item, Shape::kText);
}

void check_team(Context& context, const Place& place) {
    if (place.node->kind == Node::Kind::kList) return check_groups(context, place, kMember);
    if (context.api < 310) {
        list_value(context, place);  // says that it must be a list
        return;
    }
    check_group(context, place, kTeam);
}

}  // namespace

void check_server(Context& context, const Place& place) {
    MapReader server(context, place);
    if (!server.is_map()) return;
    if (const auto id = server.value("id")) check_shape(context, *id, Shape::kId);
    server.required_text("server", "production");
    const auto type_place = server.required("type", "postgresql");
    const auto type = type_place ? scalar(context, *type_place) : std::nullopt;
    for (const std::string_view key : {"description", "environment"})
        server.text(key);
    if (const auto roles = server.value("roles")) check_shape(context, *roles, Shape::kRoles);
    if (const auto own = server.value("customProperties")) {
        check_shape(context, *own, Shape::kCustoms);
    }
    if (!type) return;
    const auto* known = std::find_if(std::begin(kServerFields), std::end(kServerFields),
                                     [&](const ServerFields& one) { return one.type == *type; });
    if (known == std::end(kServerFields)) {
        std::vector<std::string> types;
        for (const ServerFields& one : kServerFields)
            types.emplace_back(one.type);
        return wrong_word(context, *type_place, *type, types);
    }
    for (std::string name : split(known->fields, ' ')) {
        const bool required = name.ends_with('*');
        if (required) name.pop_back();
        const auto value = required ? server.required(name, "…") : server.value(name);
        if (value) check_shape(context, *value, name == "port" ? Shape::kPort : Shape::kText);
    }
    server.finish();
}

void check_shape(Context& context, const Place& place, Shape shape) {
    switch (shape) {
        case Shape::kAny: return;
        case Shape::kText: scalar(context, place); return;
        case Shape::kSingle:
            if (place.node->kind != Node::Kind::kNull &&
                !(place.node->kind == Node::Kind::kScalar && place.node->text.empty()))
                scalar(context, place);
            return;
        case Shape::kDay: return check_moment(context, place, LogicalType::kDate);
        case Shape::kMoment: return check_moment(context, place, LogicalType::kTimestamp);
        case Shape::kFlag: boolean_value(context, place); return;
        case Shape::kNumber: return check_number(context, place);
        case Shape::kWhole: return check_whole(context, place);
        case Shape::kPort: return check_port(context, place);
        case Shape::kId: return check_id(context, place);
        case Shape::kTexts: return check_texts(context, place);
        case Shape::kAnyList: list_value(context, place); return;
        case Shape::kSemantic:
            return check_word(context, place, {"column", "measure", "dimension"});
        case Shape::kDefinitions: return check_groups(context, place, kDefinition);
        case Shape::kCustoms: return check_groups(context, place, kCustom);
        case Shape::kRoles: return check_groups(context, place, kRole);
        case Shape::kMembers: return check_groups(context, place, kMember);
        case Shape::kTeam: return check_team(context, place);
        case Shape::kSupports: return check_groups(context, place, kSupport);
        case Shape::kPrice: return check_group(context, place, kPrice);
        case Shape::kSynonyms: return check_groups(context, place, kSynonym);
        case Shape::kStatements: return check_groups(context, place, kStatement);
        case Shape::kConstraints: return check_groups(context, place, kConstraint);
        case Shape::kSlas: return check_groups(context, place, kSla);
        case Shape::kContext:
            if (place.node->kind == Node::Kind::kScalar) {
                scalar(context, place);
                return;
            }
            return check_group(context, place, kContext);
        case Shape::kDescription: return check_group(context, place, kDescription);
        case Shape::kServers:
            for (const Place& item : list_value(context, place))
                check_server(context, item);
            return;
    }
}

Shape shape_of(std::string_view key) {
    struct Known {
        std::string_view key;
        Shape shape;
    };
    static constexpr Known kKnown[] = {{"authoritativeDefinitions", Shape::kDefinitions},
                                       {"tags", Shape::kTexts},
                                       {"context", Shape::kContext},
                                       {"synonyms", Shape::kSynonyms},
                                       {"servers", Shape::kServers},
                                       {"support", Shape::kSupports},
                                       {"price", Shape::kPrice},
                                       {"team", Shape::kTeam},
                                       {"roles", Shape::kRoles},
                                       {"slaProperties", Shape::kSlas},
                                       {"contractCreatedTs", Shape::kMoment},
                                       {"partitioned", Shape::kFlag},
                                       {"partitionKeyPosition", Shape::kWhole},
                                       {"criticalDataElement", Shape::kFlag},
                                       {"deprecated", Shape::kFlag},
                                       {"transformSourceObjects", Shape::kTexts},
                                       {"examples", Shape::kAnyList},
                                       {"semanticType", Shape::kSemantic},
                                       {"tenant", Shape::kText},
                                       {"dataProduct", Shape::kText},
                                       {"slaDefaultElement", Shape::kText},
                                       {"physicalName", Shape::kText},
                                       {"physicalType", Shape::kText},
                                       {"dataGranularityDescription", Shape::kText},
                                       {"encryptedName", Shape::kText},
                                       {"transformLogic", Shape::kText},
                                       {"transformDescription", Shape::kText},
                                       {"businessImpact", Shape::kText},
                                       {"method", Shape::kText},
                                       {"schedule", Shape::kText},
                                       {"scheduler", Shape::kText},
                                       {"description", Shape::kText},
                                       {"unit", Shape::kText},
                                       {"dimension", Shape::kText},
                                       {"severity", Shape::kText}};
    for (const Known& known : kKnown) {
        if (known.key == key) return known.shape;
    }
    return Shape::kAny;
}

}  // namespace nguon::contract::internal
