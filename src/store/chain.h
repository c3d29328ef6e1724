// The signed chain of a dataset: one manifest per batch, also of a refused one, each with the
// hash of the one before. Anyone with the node's public key can check it without the node.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/keys.h"
#include "store/store.h"

namespace nguon::store {

struct ManifestSegment {
    std::string sha256;
    std::int64_t rows = 0;
    std::uint64_t bytes = 0;
    Seq first = 0, last = 0;
    ChangeCounts changes;  // unchanged is not written
};

struct ManifestFile {
    std::string sha256;
    std::int64_t rows = 0;
    std::uint64_t bytes = 0;
};

// A sealed thing of an earlier manifest that an erasure took another in place of.
struct Redaction {
    enum class Of { kSegment, kQuarantine, kOriginals, kReceipt };
    Of of = Of::kSegment;
    std::string batch;          // of a segment: that of its manifest
    Seq first = 0;              // of a segment
    std::string before, after;  // SHA-256; of a receipt: of its whole text. Empty after: it is gone
    std::uint64_t bytes = 0;    // after
    std::int64_t rows = 0;      // that were taken out
    ChangeCounts changes;       // of a segment, after
};

struct Manifest {
    // The ids of the columns, when the contract version is not the one of the manifest before.
    std::vector<FieldId> fields;
    std::string dataset;
    std::int64_t number = 0;  // from 1, without gaps
    std::string previous;     // SHA-256 of the JWS text before; empty for the first
    std::string batch;
    Micros at = 0;
    std::string contract_version;
    std::string mode;
    std::vector<ManifestSegment> segments;
    std::optional<ManifestFile> quarantine;
    std::optional<ManifestFile> originals;  // of the cells that a recipe mended
    std::string body_sha256;                // of the bytes as sent
    std::string receipt_sha256;             // of the whole text, its own signature included
    // Rows written alone that this manifest seals, `batch` the last of them; 0: it is of one batch.
    std::int64_t writes = 0;
    std::string writes_sha256;  // of their receipts' hashes, in order, each and a line end
    // Of an erasure: on whose order, and what stands in whose place.
    std::string order;
    std::vector<Redaction> redactions;
};

inline constexpr std::string_view kManifestType = "nguon-manifest";

// The JWS payload, members in the order of docs/concepts/commit.md.
std::string manifest_payload(const Manifest& manifest);
// Errors: corrupt when the payload is no manifest.
Result<Manifest> parse_manifest(std::string_view payload);

// chain/<dataset>/<number>.jws below the data directory.
std::filesystem::path manifest_path(std::string_view dataset, std::int64_t number);
// The number in "<number>.jws"; nothing for any other name.
std::optional<std::int64_t> manifest_number(std::string_view file_name);

}  // namespace nguon::store
