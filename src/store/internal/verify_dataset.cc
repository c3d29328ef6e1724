#include "store/internal/verify_dataset.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/sha256.h"
#include "store/internal/control.h"
#include "store/internal/hot.h"
#include "store/internal/receipt.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kManifestLimit = 1 << 20;

std::string control() {
    return std::string(kControlFile);
}

std::string file_of(std::string_view dataset, std::int64_t number) {
    return manifest_path(dataset, number).generic_string();
}

std::string blob_file(BlobKind kind, std::string_view sha256) {
    return fmt::format("{}/{}.parquet", folder_of(kind), sha256);
}

bool equal(const ChangeCounts& a, const ChangeCounts& b) {
    return a.inserted == b.inserted && a.updated == b.updated && a.deleted == b.deleted;
}

// The receipt's members that the control database keeps in columns, too.
bool agrees(const json::value& receipt, const Recorded::BatchRow& row) {
    const BatchInfo& batch = row.info;
    try {
        const auto is_text = [](const json::value& value, const std::string& text) {
            return text.empty() ? value.is_null() : value.as_string() == text;
        };
        const auto is_seq = [](const json::value& value, Seq seq) {
            return seq == 0 ? value.is_null() : value.as_int64() == seq;
        };
        const std::string status = batch.status == BatchStatus::kAccepted ? "accepted" : "refused";
        const json::value& rows = receipt.at("rows");
        return is_text(receipt.at("batch"), batch.id) &&
               is_text(receipt.at("dataset"), batch.dataset) &&
               is_text(receipt.at("contract_version"), batch.contract_version) &&
               is_text(receipt.at("mode"), batch.mode) && is_text(receipt.at("status"), status) &&
               is_text(receipt.at("sha256"), batch.sha256) &&
               is_text(receipt.at("at"), format_time(batch.at)) &&
               is_text(receipt.at("corrects"), batch.corrects) &&
               is_text(receipt.at("idempotency_key"), row.idempotency_key) &&
               rows.at("read").as_int64() == batch.rows.read &&
               rows.at("accepted").as_int64() == batch.rows.accepted &&
               rows.at("rejected").as_int64() == batch.rows.rejected &&
               is_seq(receipt.at("seq").at("first"), batch.first) &&
               is_seq(receipt.at("seq").at("last"), batch.last);
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

DatasetVerifier::DatasetVerifier(Disk& disk, fs::path folder, const crypto::PublicKey& key,
                                 const Recorded& recorded, std::vector<Finding>& findings)
    : m_disk(disk),
      m_folder(std::move(folder)),
      m_key(key),
      m_recorded(recorded),
      m_findings(findings) {
    for (const Recorded::BatchRow& batch : recorded.batches) {
        m_batches[batch.info.id] = &batch;
        if (batch.alone) m_sealed_in[batch.sealed].push_back(&batch);
    }
    for (const Recorded::SegmentRow& segment : recorded.segments)
        m_segments[segment.info.first] = &segment;
}

void DatasetVerifier::find(std::string file, std::string_view problem, Text detail) {
    m_findings.push_back(
        {m_recorded.dataset, std::move(file), std::string(problem), std::move(detail)});
}

// An erasure comes after what it changes, so the whole chain is read for it first. What is not
// rightly signed is named by check_chain_file().
void DatasetVerifier::collect_redactions() {
    for (const Recorded::ManifestRow& row : m_recorded.manifests) {
        // Most are none: their signatures are looked at once.
        const Result<std::string> unchecked = crypto::jws_payload(row.jws);
        if (!unchecked || unchecked->find("\"erasure\"") == std::string::npos) continue;
        const Result<std::string> payload = m_key.verify_jws(row.jws);
        if (!payload) continue;
        const Result<Manifest> manifest = parse_manifest(*payload);
        if (!manifest || manifest->dataset != m_recorded.dataset) continue;
        for (const Redaction& redaction : manifest->redactions)
            m_redactions[{redaction.of, redaction.batch, redaction.first}].push_back(redaction);
    }
}

DatasetVerifier::Standing DatasetVerifier::standing(Redaction::Of of, std::string_view batch,
                                                    Seq first, Standing now) const {
    const auto found = m_redactions.find({of, std::string(batch), first});
    if (found == m_redactions.end()) return now;
    for (const Redaction& redaction : found->second) {
        if (redaction.before != now.sha256) continue;
        now = {redaction.after, redaction.bytes, redaction.changes};
    }
    return now;
}

std::string DatasetVerifier::first_receipt(const BatchInfo& batch) const {
    const std::string now = crypto::sha256_hex(batch.receipt_json);
    const auto found = m_redactions.find({Redaction::Of::kReceipt, batch.id, 0});
    if (found == m_redactions.end()) return now;
    const std::string& first = found->second.front().before;
    return standing(Redaction::Of::kReceipt, batch.id, 0, {first, 0, {}}).sha256 == now ? first
                                                                                        : now;
}

VerifiedDataset DatasetVerifier::run() {
    collect_redactions();
    for (const Recorded::ManifestRow& row : m_recorded.manifests) {
        if (const std::optional<Manifest> manifest = check_chain_file(row)) {
            check_links(row, *manifest);
            check_content(row, *manifest);
            check_writes(*manifest);
            check_fields(*manifest);
        }
        m_previous = crypto::sha256_hex(row.jws);
    }
    check_beyond_head();
    check_unsigned_rows();
    for (const Recorded::BatchRow& batch : m_recorded.batches)
        check_receipt(batch);
    check_waiting();
    check_head();
    collect_files();
    return {m_recorded.dataset, static_cast<std::int64_t>(m_recorded.segments.size()), m_rows,
            m_previous};
}

// The file and the database keep the same text: when they differ, the one whose signature holds
// tells which was changed.
std::optional<Manifest> DatasetVerifier::check_chain_file(const Recorded::ManifestRow& row) {
    const std::string file = file_of(m_recorded.dataset, row.number);
    const Result<std::string> text = m_disk.read_all(m_folder / file, kManifestLimit);
    const Result<std::string> recorded = m_key.verify_jws(row.jws);
    if (!text && text.error().code == Code::kNotFound) {
        find(file, "missing", {"Bản kê đã ký không còn.", "The signed manifest is gone."});
    } else if (!text) {
        find(file, "changed", text.error().detail);
    } else if (*text != row.jws) {
        const Result<std::string> signed_text = m_key.verify_jws(*text);
        const Result<Manifest> other = signed_text
                                           ? parse_manifest(*signed_text)
                                           : Result<Manifest>(std::unexpected(signed_text.error()));
        if (!other) {
            find(file, "changed", {"Bản kê bị sửa.", "The manifest was changed."});
        } else if (other->number != row.number || other->dataset != m_recorded.dataset) {
            find(file, "reordered",
                 {"Bản kê của chỗ khác trong chuỗi.", "A manifest of another place in the chain."});
        } else {
            find(file, "changed",
                 {"Một bản kê khác, cũng được ký.", "Another manifest, signed as well."});
        }
    }
    if (row.sha256 != crypto::sha256_hex(row.jws)) {
        find(control(), "changed",
             {fmt::format("Bản kê {} không khớp mã băm.", row.number),
              fmt::format("Manifest {} does not fit its hash.", row.number)});
    }
    if (!recorded) {
        // Also when the wrong public key was given.
        find(text && *text == row.jws ? file : control(), "bad_signature", recorded.error().detail);
        return std::nullopt;
    }
    Result<Manifest> manifest = parse_manifest(*recorded);
    if (!manifest) {
        find(file, "changed", manifest.error().detail);
        return std::nullopt;
    }
    return *std::move(manifest);
}

void DatasetVerifier::check_links(const Recorded::ManifestRow& row, const Manifest& manifest) {
    const std::string file = file_of(m_recorded.dataset, row.number);
    if (manifest.dataset != m_recorded.dataset || manifest.number != row.number ||
        manifest.previous != m_previous) {
        find(file, "reordered",
             {"Bản kê không nối vào bản kê trước nó.",
              "The manifest does not follow the one before it."});
    }
    for (const ManifestSegment& segment : manifest.segments) {
        if (segment.first != m_last + 1 || segment.last != m_last + segment.rows) {
            find(file, "reordered",
                 {"Số thứ tự thay đổi không liền nhau.", "Sequence numbers have a gap."});
        }
        m_last = segment.last;
        m_rows += segment.changes.inserted - segment.changes.deleted;
    }
}

// What was signed against what the database says.
void DatasetVerifier::check_content(const Recorded::ManifestRow& row, const Manifest& manifest) {
    const auto differs = [&](std::string_view what) {
        find(control(), "changed",
             {fmt::format("Cơ sở dữ liệu không khớp bản kê {}: {}.", row.number, what),
              fmt::format("The database does not fit manifest {}: {}.", row.number, what)});
    };
    for (const ManifestSegment& segment : manifest.segments) {
        ++m_manifest_segments;
        const auto found = m_segments.find(segment.first);
        if (found == m_segments.end()) {
            differs(segment.sha256);
            m_files.push_back({blob_file(BlobKind::kSegment, segment.sha256), m_recorded.dataset,
                               segment.sha256, segment.bytes});
            continue;
        }
        const Recorded::SegmentRow& recorded = *found->second;
        const Standing now = standing(Redaction::Of::kSegment, manifest.batch, segment.first,
                                      {segment.sha256, segment.bytes, segment.changes});
        if (recorded.info.sha256 != now.sha256 || recorded.bytes != now.bytes ||
            recorded.info.last != segment.last || !equal(recorded.info.changes, now.changes) ||
            recorded.info.at != manifest.at || recorded.info.batch != manifest.batch ||
            recorded.info.contract_version != manifest.contract_version) {
            differs(segment.sha256);
        }
    }
    const auto found = m_batches.find(manifest.batch);
    if (found == m_batches.end() || row.batch != manifest.batch) {
        differs(manifest.batch);
        return;
    }
    m_signed_batches.insert(manifest.batch);
    const BatchInfo& batch = found->second->info;
    const auto file_now = [&](Redaction::Of of, const std::optional<ManifestFile>& file) {
        const ManifestFile once = file.value_or(ManifestFile());
        return standing(of, manifest.batch, 0, {once.sha256, once.bytes, {}});
    };
    const Standing quarantine = file_now(Redaction::Of::kQuarantine, manifest.quarantine);
    const Standing originals = file_now(Redaction::Of::kOriginals, manifest.originals);
    if (batch.quarantine_sha256 != quarantine.sha256 ||
        found->second->quarantine_bytes != quarantine.bytes ||
        batch.originals_sha256 != originals.sha256 ||
        found->second->originals_bytes != originals.bytes || batch.at != manifest.at ||
        batch.sha256 != manifest.body_sha256 || batch.mode != manifest.mode ||
        batch.contract_version != manifest.contract_version ||
        first_receipt(batch) != manifest.receipt_sha256) {
        differs(manifest.batch);
    }
}

// The receipts of rows written alone, in their order, under the manifest that sealed them.
void DatasetVerifier::check_writes(const Manifest& manifest) {
    const auto found = m_sealed_in.find(manifest.number);
    const std::size_t writes = found == m_sealed_in.end() ? 0 : found->second.size();
    ReceiptsHash receipts;
    for (std::size_t i = 0; i < writes; ++i) {
        receipts.add_hash(first_receipt(found->second[i]->info));
        m_signed_batches.insert(found->second[i]->info.id);
    }
    if (static_cast<std::int64_t>(writes) == manifest.writes &&
        (writes == 0 || receipts.hex() == manifest.writes_sha256))
        return;
    find(control(), "changed",
         {fmt::format("Các dòng ghi lẻ không khớp bản kê {}.", manifest.number),
          fmt::format("The rows written alone do not fit manifest {}.", manifest.number)});
}

// Rows that wait for their segment: each receipt says the hash of its row.
void DatasetVerifier::check_waiting() {
    for (const HotRow& row : m_recorded.rows) {
        const auto said = m_row_hashes.find(row.seq);
        if (row.seq == m_last + 1 && said != m_row_hashes.end() &&
            said->second == hash_of(row.change)) {
            ++m_waiting;
        } else {
            find(control(), "changed",
                 {fmt::format("Dòng ghi lẻ thứ {} khác với biên nhận của nó.", row.seq),
                  fmt::format("Row {}, written alone, differs from its receipt.", row.seq)});
        }
        m_last = row.seq;
        m_rows += row.change.op == Op::kInsert ? 1 : row.change.op == Op::kDelete ? -1 : 0;
    }
    if (m_waiting == m_row_hashes.size()) return;
    find(control(), "missing",
         {fmt::format("{} dòng ghi lẻ có biên nhận mà không còn.", m_row_hashes.size() - m_waiting),
          fmt::format("{} rows written alone have a receipt and are gone.",
                      m_row_hashes.size() - m_waiting)});
}

// Ids are never given again, so what an old manifest says stays true, retired or not.
void DatasetVerifier::check_fields(const Manifest& manifest) {
    m_version = manifest.contract_version;
    if (manifest.fields.empty()) return;
    m_fields = manifest.fields;
    for (const FieldId& field : manifest.fields) {
        const bool known = std::ranges::any_of(m_recorded.fields, [&](const auto& row) {
            return row.field.id == field.id && row.field.column == field.column;
        });
        if (known) continue;
        find(control(), "changed",
             {fmt::format("Mã số của cột «{}» khác với bản kê {}.", field.column, manifest.number),
              fmt::format("The id of column \"{}\" differs from manifest {}.", field.column,
                          manifest.number)});
    }
}

// Batches that no manifest names, and columns in force that the last one does not know.
void DatasetVerifier::check_unsigned_rows() {
    for (const Recorded::BatchRow& batch : m_recorded.batches) {
        if (m_signed_batches.contains(batch.info.id) || (batch.alone && batch.sealed == 0))
            continue;
        find(control(), "changed",
             {fmt::format("Không bản kê nào có lô {}.", batch.info.id),
              fmt::format("No manifest has batch {}.", batch.info.id)});
    }
    if (m_version != m_recorded.version) return;  // applied since: no row was written under it
    std::size_t in_force = 0;
    for (const Recorded::FieldRow& row : m_recorded.fields) {
        if (row.retired) continue;
        ++in_force;
        const bool was_signed = std::ranges::any_of(m_fields, [&](const FieldId& field) {
            return row.field.id == field.id && row.field.column == field.column;
        });
        in_force += was_signed ? 0 : m_fields.size();  // a column too many
    }
    if (in_force == m_fields.size()) return;
    find(control(), "changed",
         {fmt::format("Các cột đang dùng khác với cột của phiên bản {} đã ký.", m_version),
          fmt::format("The columns in force differ from those signed for version {}.", m_version)});
}

// A commit that a crash cut short leaves at most one manifest after the head, rightly signed and
// linked, which the next start drops. Anything more means that the database is older than the
// chain.
void DatasetVerifier::check_beyond_head() {
    const fs::path folder = fs::path("chain") / m_recorded.dataset;
    const Result<std::vector<std::string>> names = m_disk.list(m_folder / folder);
    if (!names) return;
    const auto count = static_cast<std::int64_t>(m_recorded.manifests.size());
    for (const std::string& name : *names) {
        const std::optional<std::int64_t> number = manifest_number(name);
        if (!number || *number <= count) continue;
        const std::string file = (folder / name).generic_string();
        const Result<std::string> text = m_disk.read_all(m_folder / file, kManifestLimit);
        const Result<std::string> payload = text ? m_key.verify_jws(*text) : text;
        const Result<Manifest> manifest =
            payload ? parse_manifest(*payload) : Result<Manifest>(std::unexpected(payload.error()));
        if (!manifest) {
            find(file, "changed",
                 {"Bản kê sau cuối chuỗi không đúng chữ ký.",
                  "A manifest after the head has no good signature."});
        } else if (*number != count + 1 || manifest->number != *number ||
                   manifest->previous != m_previous) {
            find(file, "reordered",
                 {"Chuỗi dài hơn cơ sở dữ liệu ghi nhận: cơ sở dữ liệu có thể là bản cũ.",
                  "The chain is longer than the database knows: it may be an older one."});
        }
    }
}

void DatasetVerifier::check_receipt(const Recorded::BatchRow& row) {
    const BatchInfo& batch = row.info;
    const auto wrong = [&](std::string_view problem) {
        find(control(), problem,
             {fmt::format("Biên nhận của lô {} không đúng.", batch.id),
              fmt::format("The receipt of batch {} is wrong.", batch.id)});
    };
    const Result<SplitReceipt> split = split_receipt(batch.receipt_json);
    if (!split) return wrong("changed");
    const Result<std::string> payload = m_key.verify_jws(split->jws);
    if (!payload) return wrong("bad_signature");
    if (*payload != split->payload) return wrong("changed");
    const Result<json::value> receipt = parse_json(*payload);
    if (!receipt || !agrees(*receipt, row)) return wrong("changed");
    if (!row.alone || row.sealed != 0 || batch.last == 0) return;
    const json::value* said = receipt->as_object().if_contains("row_sha256");
    m_row_hashes[batch.last] =
        said != nullptr && said->is_string() ? std::string(said->get_string()) : std::string();
}

void DatasetVerifier::check_head() {
    const Head& head = m_recorded.head;
    const auto count = static_cast<std::int64_t>(m_recorded.manifests.size());
    if (m_recorded.committed > count) {
        find(control(), "changed",
             {fmt::format("Cơ sở dữ liệu cũ hơn lịch sử: nó biết {} lô, đã ghi nhận ít nhất {}.",
                          count, m_recorded.committed),
              fmt::format("The database is older than the history: it knows {} batches, at least "
                          "{} were committed.",
                          count, m_recorded.committed)});
    }
    Micros at = 0;
    for (const Recorded::BatchRow& batch : m_recorded.batches) {
        if (batch.info.status == BatchStatus::kAccepted) at = std::max(at, batch.info.at);
    }
    const bool numbers = count == 0 || (m_recorded.manifests.front().number == 1 &&
                                        m_recorded.manifests.back().number == count);
    if (!numbers || head.manifests != count || head.seq != m_last || head.rows != m_rows ||
        head.at != at || m_recorded.head_manifest != m_previous ||
        m_manifest_segments != m_recorded.segments.size()) {
        find(control(), "changed",
             {"Đầu chuỗi không khớp các bản kê đã ký.",
              "The head does not fit the signed manifests."});
    }
}

void DatasetVerifier::collect_files() {
    for (const Recorded::SegmentRow& row : m_recorded.segments) {
        m_files.push_back({blob_file(BlobKind::kSegment, row.info.sha256), m_recorded.dataset,
                           row.info.sha256, row.bytes});
    }
    for (const Recorded::BatchRow& row : m_recorded.batches) {
        const auto add = [&](const std::string& sha256, std::uint64_t bytes) {
            if (sha256.empty()) return;
            m_files.push_back(
                {blob_file(BlobKind::kQuarantine, sha256), m_recorded.dataset, sha256, bytes});
        };
        add(row.info.quarantine_sha256, row.quarantine_bytes);
        add(row.info.originals_sha256, row.originals_bytes);
    }
}

}  // namespace nguon::store
