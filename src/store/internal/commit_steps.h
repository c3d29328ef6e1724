// The steps that every way of making something true has in common. For commit.cc, commit_rows.cc
// and seal.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/blob_store.h"
#include "store/chain.h"
#include "store/internal/impl.h"

namespace nguon::store {

// Everything about a batch that is known before its transaction.
struct Prepared {
    std::int64_t dataset = 0;
    std::optional<Blob> segment, quarantine, originals;
    Seq first = 0, last = 0;  // 0, 0 when nothing changed
    Micros at = 0;
    std::int64_t manifest_number = 0;  // 0: not written yet
    std::vector<FieldId> fields;
    std::string manifest_jws, manifest_sha256;
    std::string receipt;
};

std::unexpected<Error> moved(std::string_view dataset);
std::unexpected<Error> wrong_draft(std::string_view what);
// Errors: corrupt, of a damaged dataset, which takes nothing more.
Result<void> check_sound(Store::Impl& store, const DatasetState& state);

// The ids of the columns in force, for a manifest of `version` when that is not the version of the
// manifest before; otherwise none.
Result<std::vector<FieldId>> new_fields(sql::Sqlite& control, std::string_view version,
                                        std::int64_t dataset);
// What every manifest of a batch says; its files are left to the caller.
Manifest manifest_for(const BatchDraft& draft, const DatasetState& state, const Prepared& prepared);
// Whether control.db refers to a sealed file.
Result<bool> is_referenced(sql::Sqlite& control, BlobKind kind, std::string_view sha256);
// Signs it and makes it durable under its name, referenced by nothing yet.
Result<void> sign_and_write(Store::Impl& store, const Manifest& manifest, Prepared& prepared);

// Errors: conflict when head or contract version are no longer those of the draft; not_found
// without the batch that it corrects.
Result<void> recheck(sql::Sqlite& control, const BatchDraft& draft, std::int64_t dataset);
enum class Alone { kNo, kYes };
Result<void> insert_batch(sql::Sqlite& control, const BatchDraft& draft, const Prepared& prepared,
                          Alone alone);
Result<void> insert_segment(sql::Sqlite& control, const SegmentInfo& segment,
                            const Prepared& prepared);
Result<void> insert_manifest(sql::Sqlite& control, std::string_view batch,
                             const Prepared& prepared);

// Takes back the files of a batch that did not become true; what stays is dropped at the next
// start. A hash that a batch refers to, or that another commit under way may have sealed, too, is
// left.
void take_back(Store::Impl& store, std::string_view dataset, const Prepared& prepared);

// One transaction, COMMIT included; when that fails its outcome is settled. Under commit_mutex.
template <class Body>
Result<void> commit_transaction(Store::Impl& store, Body&& body) {
    bool commit_called = false;
    const Result<void> done = store.writer->transaction([&]() -> Result<void> {
        TRY(body());
        commit_called = true;
        return {};
    });
    if (done || !commit_called) return done;
    store.outcome_unknown = true;
    if (const Result<void> settled = store.settle_outcome(); !settled) return settled;
    return done;
}

}  // namespace nguon::store
