// JSON Schemas of the answers, for OpenAPI: the shapes of docs/reference/json.md. Members may be
// added, so none closes its object.
#pragma once

#include <string_view>

namespace nguon::node::schemas {

// Media types of what can be had as a table.
inline constexpr std::string_view kTables =
    "application/json, text/csv, application/vnd.apache.parquet";

inline constexpr std::string_view kReceipt =
    R"({"type":"object","required":["batch","dataset","status","rows","changes","seq","sha256","at","jws"],
"properties":{"batch":{"type":"string"},"dataset":{"type":"string"},"contract_version":{"type":"string"},
"mode":{"enum":["upsert","append","snapshot"]},"status":{"enum":["accepted","refused"]},
"rows":{"type":"object","properties":{"read":{"type":"integer"},"accepted":{"type":"integer"},
"rejected":{"type":"integer"}}},
"changes":{"type":"object","properties":{"inserted":{"type":"integer"},"updated":{"type":"integer"},
"deleted":{"type":"integer"},"unchanged":{"type":"integer"}}},
"seq":{"type":"object","properties":{"first":{"type":["integer","null"]},"last":{"type":["integer","null"]}}},
"sha256":{"type":"string"},"at":{"type":"string","format":"date-time"},"corrects":{"type":["string","null"]},
"idempotency_key":{"type":["string","null"]},"corrected":{"type":["object","null"]},
"snapshot":{"type":["object","null"]},"replaces":{"type":"object"},"repeats":{"type":["object","null"]},"results":{"type":"array","items":{"type":"object"}},
"scores":{"type":"object"},"jws":{"type":"string"}}})";

inline constexpr std::string_view kBatches =
    R"({"type":"object","required":["batches"],"properties":{"batches":{"type":"array","items":
{"type":"object","properties":{"batch":{"type":"string"},"dataset":{"type":"string"},
"contract_version":{"type":"string"},"mode":{"type":"string"},"status":{"type":"string"},
"rows":{"type":"object"},"seq":{"type":"object"},"at":{"type":"string","format":"date-time"},
"corrects":{"type":["string","null"]},"quarantine":{"type":["string","null"]},
"corrected":{"type":"integer"},"open":{"type":"integer"}}}},"open":{"type":"integer"}}})";

inline constexpr std::string_view kQuarantine =
    R"({"type":"object","required":["rows"],"properties":{"rows":{"type":"array","items":{"type":"object"}},
"next":{"type":["integer","null"]},"corrected":{"type":"integer"},"open":{"type":"integer"}}})";

inline constexpr std::string_view kFixes =
    R"({"type":"object","required":["rows","next"],"properties":{"rows":{"type":"array","items":{"type":"object"}},
"next":{"type":["integer","null"]},"entries":{"type":"integer"}}})";

inline constexpr std::string_view kRow = R"({"type":"object"})";

inline constexpr std::string_view kRows =
    R"({"type":"object","required":["rows","next"],"properties":{"rows":{"type":"array","items":
{"type":"object"}},"next":{"type":["string","null"]}}})";

inline constexpr std::string_view kHistory =
    R"({"type":"object","required":["changes","next"],"properties":{"changes":{"type":"array","items":
{"type":"object","properties":{"seq":{"type":"integer"},"op":{"enum":["insert","update","delete","erased"]},
"at":{"type":"string","format":"date-time"},"batch":{"type":"string"},"key":{"type":["string","null"]},
"row":{"type":["object","null"]}}}},"next":{"type":["integer","null"]}}})";

inline constexpr std::string_view kDataset =
    R"({"type":"object","required":["dataset","version","access","mode","rows","seq","scores"],
"properties":{"dataset":{"type":"string"},"title":{"type":"object"},"version":{"type":"string"},
"access":{"enum":["open","shared","internal"]},"mode":{"type":"string"},"rows":{"type":"integer"},
"seq":{"type":"integer"},"at":{"type":["string","null"]},"corrupt":{"type":"boolean"},
"columns":{"type":"array","items":{"type":"object"}},"scores":{"type":"object"}}})";

inline constexpr std::string_view kDatasets =
    R"({"type":"object","required":["datasets","next"],"properties":{"datasets":{"type":"array","items":
{"type":"object"}},"next":{"type":["string","null"]}}})";

inline constexpr std::string_view kChain =
    R"({"type":"object","required":["dataset","manifests"],"properties":{"dataset":{"type":"string"},
"manifests":{"type":"array","items":{"type":"string"}}}})";

inline constexpr std::string_view kQuality =
    R"({"type":"object","required":["dataset","at","scores","series","next","results"],
"properties":{"dataset":{"type":"string"},"at":{"type":"string","format":"date-time"},
"last":{"type":["string","null"]},"scores":{"type":"object"},"rows":{"type":"object"},
"freshness":{"type":"array","items":{"type":"object"}},"series":{"type":"array","items":
{"type":"object"}},"next":{"type":["string","null"]},"results":{"type":"array","items":
{"type":"object"}},"why":{"type":"object","properties":{"dimension":{"type":"string"},
"score":{"type":["number","null"]},"lost":{"type":"number"},"rest":{"type":"number"},
"causes":{"type":"array","items":{"type":"object"}}}}}})";

inline constexpr std::string_view kVerification =
    R"({"type":"object","required":["ok","datasets","findings"],"properties":{"ok":{"type":"boolean"},
"datasets":{"type":"array","items":{"type":"object","properties":{"dataset":{"type":"string"},
"segments":{"type":"integer"},"rows":{"type":"integer"},"head":{"type":"string"}}}},
"findings":{"type":"array","items":{"type":"object","properties":{"dataset":{"type":"string"},
"file":{"type":"string"},"problem":{"enum":["changed","missing","reordered","bad_signature"]},
"detail":{"type":"string"}}}}}})";

inline constexpr std::string_view kBackup =
    R"({"type":"object","required":["id","copied","reused","bytes","key_id"],"properties":{
"id":{"type":"string"},"copied":{"type":"integer"},"reused":{"type":"integer"},
"bytes":{"type":"integer"},"key_id":{"type":"string"}}})";

inline constexpr std::string_view kApplied =
    R"({"type":"object","required":["applied"],"properties":{"applied":{"type":"array","items":
{"type":"object","properties":{"dataset":{"type":"string"},"version":{"type":"string"},
"change":{"enum":["created","unchanged","compatible","breaking"]},"differences":{"type":"array"}}}},
"notes":{"type":"array"},"warnings":{"type":"array","items":{"type":"object"}}}})";

inline constexpr std::string_view kAnswer =
    R"({"type":"object","required":["columns","rows","truncated"],"properties":{"columns":{"type":"array",
"items":{"type":"object","properties":{"name":{"type":"string"},"type":{"type":"string"}}}},
"rows":{"type":"array","items":{"type":"array"}},"truncated":{"type":"boolean"}}})";

}  // namespace nguon::node::schemas
