// One dataset against its hashes and signatures: what the control database says, the signed chain,
// the files.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "store/blob_store.h"
#include "store/chain.h"
#include "store/internal/recorded.h"
#include "store/store.h"

namespace nguon::store {

// A sealed file that must have these bytes.
struct SealedFile {
    std::string path;  // below the data directory
    std::string dataset, sha256;
    std::uint64_t bytes = 0;
};

class DatasetVerifier {
public:
    DatasetVerifier(Disk& disk, std::filesystem::path folder, const crypto::PublicKey& key,
                    const Recorded& recorded, std::vector<Finding>& findings);
    // Chain and receipts. The sealed files are left to the caller: files().
    VerifiedDataset run();
    const std::vector<SealedFile>& files() const { return m_files; }

private:
    // The signed manifest of a number, or nothing after a finding.
    std::optional<Manifest> check_chain_file(const Recorded::ManifestRow& row);
    void check_links(const Recorded::ManifestRow& row, const Manifest& manifest);
    void check_content(const Recorded::ManifestRow& row, const Manifest& manifest);
    void check_beyond_head();
    void check_fields(const Manifest& manifest);
    void check_writes(const Manifest& manifest);
    void check_receipt(const Recorded::BatchRow& batch);
    void check_waiting();
    void check_unsigned_rows();
    void check_head();
    void collect_files();
    void collect_redactions();
    // What now stands for what a manifest signed; itself where nothing was erased. Null: wrong.
    struct Standing {
        std::string sha256;
        std::uint64_t bytes = 0;
        ChangeCounts changes;
    };
    Standing standing(Redaction::Of of, std::string_view batch, Seq first,
                      Standing signed_once) const;
    // The hash of the receipt as it was signed first.
    std::string first_receipt(const BatchInfo& batch) const;
    void find(std::string file, std::string_view problem, Text detail);

    Disk& m_disk;
    std::filesystem::path m_folder;
    const crypto::PublicKey& m_key;
    const Recorded& m_recorded;
    std::vector<Finding>& m_findings;
    std::vector<SealedFile> m_files;
    // Of all manifests, in their order.
    std::map<std::tuple<Redaction::Of, std::string, Seq>, std::vector<Redaction>> m_redactions;
    std::string m_previous;  // SHA-256 of the manifest before
    Seq m_last = 0;          // of the segments before
    std::int64_t m_rows = 0;
    std::map<std::string, const Recorded::BatchRow*, std::less<>> m_batches;
    std::map<Seq, const Recorded::SegmentRow*> m_segments;
    std::size_t m_manifest_segments = 0;
    std::set<std::string, std::less<>> m_signed_batches;  // named by a manifest
    std::vector<FieldId> m_fields;                        // of the last contract version signed
    std::string m_version;                                // that version
    // Rows written alone: those sealed by each manifest, and hashes that receipts say of rows.
    std::map<std::int64_t, std::vector<const Recorded::BatchRow*>> m_sealed_in;
    std::map<Seq, std::string> m_row_hashes;  // of those that wait
    std::size_t m_waiting = 0;                // of them, found as said
};

}  // namespace nguon::store
