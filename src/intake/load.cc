#include "intake/load.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/spoken.h"
#include "crypto/sha256.h"
#include "intake/findings.h"
#include "intake/internal/pass.h"
#include "intake/internal/replaced.h"
#include "intake/names.h"

namespace nguon::intake {
namespace {

Result<std::string> hash_of(store::Store& store, const LoadRequest& request) {
    if (request.file.empty()) return crypto::sha256_hex(request.bytes);
    return crypto::sha256_hex_of_file(*store.options().disk, request.file);
}

class Load {
public:
    Load(store::Store& store, const LoadOptions& options, const LoadRequest& request)
        : m_store(store), m_options(options), m_request(request) {}

    Result<store::Receipt> run() {
        TRY_ASSIGN(m_dataset, m_store.dataset(m_request.dataset));
        TRY(choose_mode());
        // A row that is set aside needs no place in the history: rows written alone stay unsealed.
        TRY_ASSIGN(const auto lock,
                   m_store.lock(m_request.dataset, m_request.all_or_none ? store::HotRows::kKeep
                                                                         : store::HotRows::kSeal));
        TRY_ASSIGN(std::optional<store::Receipt> earlier, given_before());
        if (earlier) return *std::move(earlier);
        if (m_request.precondition) TRY(m_request.precondition());
        // The contract may have changed while the lock was waited for.
        TRY_ASSIGN(m_dataset, m_store.dataset(m_request.dataset));
        if (m_dataset->corrupt) {
            return fail(
                Code::kCorrupt,
                {fmt::format("Lịch sử của {} bị hỏng; không nhận thêm dữ liệu.", m_request.dataset),
                 fmt::format("The history of {} is damaged; nothing more is taken.",
                             m_request.dataset)},
                {"Chạy `nguon verify` để biết tệp nào, rồi khôi phục từ bản sao lưu.",
                 "Run `nguon verify` to learn which file, then restore it from a backup."});
        }
        m_draft.id = make_id(*m_store.options().clock, *m_store.options().random);
        m_draft.dataset = m_request.dataset;
        m_draft.contract_version = m_dataset->contract.version;
        m_draft.mode = m_mode;
        m_draft.corrects = m_request.corrects;
        TRY_ASSIGN(const store::Head head, m_store.head(m_request.dataset));
        m_draft.expected_head = head.seq;

        TRY(check_replaced());
        const store::BatchDraft blank = m_draft;
        if (m_request.mend) {
            TRY_ASSIGN(m_recipe, kept_recipe(m_store, m_dataset->contract));
        }
        // A mended file can show what was hidden before: a few rounds, then it is as good as it
        // gets.
        constexpr int kMostRounds = 4;
        for (int round = 1;; ++round) {
            TRY_ASSIGN(const std::vector<Proposal> proposals, pass_once());
            for (const Proposal& proposal : proposals)
                m_offered.push_back(proposal.code());
            if (!m_request.mend || round == kMostRounds) break;
            if (m_contradicted.empty()) {
                if (!join(m_recipe, proposals, m_request.accept)) break;
            } else {  // last month's file was written otherwise
                std::erase_if(m_recipe, [&](const Step& step) {
                    return std::ranges::find(m_contradicted, step) != m_contradicted.end();
                });
            }
            discard_draft();
            m_draft = blank;
        }
        const bool refused = m_draft.status == store::BatchStatus::kRefused;
        if (!refused || !m_offered.empty()) {  // a refusal says what it is for
            if (const auto known = check_accepted(m_request.accept, m_offered, m_recipe); !known) {
                discard_draft();
                return std::unexpected(known.error());
            }
        }
        if (refused && m_draft.rows.read == 0) {
            TRY_ASSIGN(m_draft.body_sha256, hash_of(m_store, m_request));
        }
        if (m_request.all_or_none && m_draft.rows.rejected > 0) refuse_for_rows();
        TRY(look_for_repeat());
        if (!m_request.mend) TRY(offer_recipe());
        for (json::value& result : m_draft.results)
            describe(result.as_object(), m_headers);
        report("seal");
        if (m_draft.segment) TRY(m_store.seal(*lock));
        return m_store.commit(m_draft);
    }

private:
    // Fills the draft. The answer: what would mend rows that were set aside.
    Result<std::vector<Proposal>> pass_once() {
        scan::InputOptions input_options;
        input_options.name = m_request.file_name;
        input_options.file = m_request.file;
        input_options.bytes = m_request.bytes;
        input_options.format = m_request.format;
        input_options.encoding = m_request.encoding;
        input_options.sheet = m_request.sheet;
        input_options.entry = m_request.entry;
        input_options.temporary_folder = m_store.new_temporary("").parent_path();
        input_options.disk = m_store.options().disk;
        TRY_ASSIGN(scan::Plan plan, quality::plan_of(m_dataset->contract));
        add_renames(m_recipe, plan);
        scan::want_columns(plan, input_options);
        Result<std::unique_ptr<scan::RecordInput>> input = scan::RecordInput::open(input_options);
        if (!input) return refuse_unreadable(input.error());
        m_headers = Headers(plan, (*input)->names());
        NamesVerdict names;
        if (!m_request.all_or_none) {  // a row that is put is whole: what it leaves out is empty
            Result<NamesVerdict> judged = judge_names(
                **input, input_options, {m_dataset->contract, m_recipe, &m_store, m_mode});
            if (!judged) return refuse_unreadable(judged.error());
            names = *std::move(judged);
        }
        if (!names.wrong.empty()) {
            m_draft.status = store::BatchStatus::kRefused;
            m_is_another_file = names.is_another_file;
            m_draft.results = std::move(names.wrong);
            return std::move(names.proposals);
        }
        Pass pass(m_store, m_options, m_request, *m_dataset, m_mode, m_recipe, m_draft);
        Result<void> done = pass.run(std::move(*input), std::move(plan), names.missing);
        if (!done && pass.input_damaged()) return refuse_unreadable(done.error());
        TRY(done);
        m_contradicted = pass.contradicted();
        return pass.tell(std::move(names));
    }

    // A file that is damaged is refused; what was asked of it wrongly makes no batch.
    Result<std::vector<Proposal>> refuse_unreadable(const Error& error) {
        if (error.code != Code::kInvalid || scan::is_wrong_parameter(error))
            return std::unexpected(error);
        m_draft.status = store::BatchStatus::kRefused;
        m_draft.rows = {};
        m_draft.results = {refusal("readable", error.detail, "", contract::Dimension::kClean)};
        refuse_for(m_draft.results[0].as_object(), error.fix);
        return std::vector<Proposal>();
    }

    // The receipt given under this key before. What was refused under a key that nobody chose, the
    // body's hash, may pass now, confirmed or under another contract: no receipt, and no key.
    Result<std::optional<store::Receipt>> given_before() {
        const bool own_key = !m_request.idempotency_key.empty();
        if (!own_key && !m_request.once_by_content) return std::nullopt;
        TRY_ASSIGN(const std::string hash, hash_of(m_store, m_request));
        m_draft.idempotency_key = own_key ? m_request.idempotency_key : "content:" + hash;
        // The refusal that is confirmed stands under the key already.
        if (m_request.confirm_deletes)
            m_draft.idempotency_key += fmt::format("#deletes={}", *m_request.confirm_deletes);
        if (!m_request.replaces.empty())
            m_draft.idempotency_key += "#replaces=" + m_request.replaces;
        if (!m_request.confirm_missing.empty()) {
            m_draft.idempotency_key +=
                fmt::format("#missing={}", fmt::join(m_request.confirm_missing, ","));
        }
        Result<std::optional<store::Receipt>> earlier =
            m_store.repeated(m_request.dataset, m_draft.idempotency_key, hash);
        if (own_key || !earlier || !earlier->has_value() ||
            (*earlier)->status == store::BatchStatus::kAccepted)
            return earlier;
        m_draft.idempotency_key.clear();
        return std::nullopt;
    }

    // A row that was sent alone does not enter: every rule that it breaks is the reason.
    void refuse_for_rows() {
        refuse_whole();
        for (json::value& result : m_draft.results) {
            const bool failed = result.at("failed").as_int64() > 0;
            if (failed && result.at("severity") == "error") refuse_for(result.as_object(), {});
        }
    }

    void refuse_whole() {
        m_draft.status = store::BatchStatus::kRefused;
        if (!m_draft.kept.contains("aside")) m_draft.kept["aside"] = m_draft.rows.rejected;
        m_draft.rows.accepted = 0;
        m_draft.rows.rejected = m_draft.rows.read;
        m_draft.changes = {};
        m_draft.corrected = {};  // nothing enters, so nothing is closed
        for (const std::string_view member : {"same_file", "replaces"})
            m_draft.kept.erase(member);
        if (m_draft.segment) (void)m_store.options().disk->remove(m_draft.segment->path);
        m_draft.segment.reset();
    }

    // The same bytes again: an upsert or a snapshot says so; appended, they would double every
    // event, so they must be meant. A key of its own says that, too. Single rows may well be sent
    // twice.
    Result<void> look_for_repeat() {
        if (m_request.all_or_none) return {};
        TRY_ASSIGN(const std::optional<store::BatchInfo> earlier,
                   m_store.accepted_before(m_request.dataset, m_draft.body_sha256, m_draft.mode));
        if (!earlier) return {};
        const std::string at = format_time(earlier->at);
        m_draft.repeats = {{"batch", earlier->id}, {"at", at}};
        const std::string time = at.substr(11, 5) + " UTC";
        const std::string vi =
            fmt::format("{}/{}/{} {}", at.substr(8, 2), at.substr(5, 2), at.substr(0, 4), time);
        const std::string en = fmt::format("{} {}", at.substr(0, 10), time);
        const bool meant = m_request.again || !m_request.idempotency_key.empty() ||
                           m_request.replaces == earlier->id;
        if (m_mode != contract::Mode::kAppend || meant || m_draft.rows.accepted == 0) return {};
        m_draft.results.insert(
            m_draft.results.begin(),
            refusal("repeat",
                    {fmt::format("Tệp này đã nạp lúc {}; nạp nữa thì mỗi dòng có hai lần.", vi),
                     fmt::format("This file was loaded at {}; again, every row would be there "
                                 "twice.",
                                 en)},
                    "", contract::Dimension::kClean));
        const std::string replaces = spoken::parameter("replaces", earlier->id);
        refuse_for(
            m_draft.results.front().as_object(),
            m_request.mend
                ? Text{fmt::format("Để tệp đã sửa thay cho lô đã nạp, dùng {}.", replaces),
                       fmt::format("To put the mended file in the place of the batch that was "
                                   "loaded, use {}.",
                                   replaces)}
                : Text{"Không cần gửi lại tệp đã nạp.",
                       "A file that was loaded need not be sent again."});
        refuse_whole();
        return {};
    }

    // What mended the last file would perhaps mend this one too.
    Result<void> offer_recipe() {
        if (m_draft.rows.rejected == 0 && m_draft.status != store::BatchStatus::kRefused) return {};
        TRY_ASSIGN(const std::vector<Step> steps, kept_recipe(m_store, m_dataset->contract));
        // A file of other columns altogether is mended by new names or not at all.
        const bool renames = std::ranges::find(steps, FixKind::kRename, &Step::kind) != steps.end();
        if (!steps.empty() && (renames || !m_is_another_file))
            m_draft.results.push_back(
                recipe_offer(steps, m_headers, m_draft.rows.read, m_draft.rows.rejected));
        return {};
    }

    void discard_draft() {
        for (const auto* file : {&m_draft.segment, &m_draft.quarantine, &m_draft.originals}) {
            if (*file) (void)m_store.options().disk->remove((*file)->path);
        }
    }

    Result<void> choose_mode() {
        m_mode = m_request.mode.value_or(m_dataset->contract.mode);
        const bool has_key = !m_dataset->contract.key().empty();
        if (m_mode != contract::Mode::kAppend && !has_key) {
            return fail(Code::kInvalid,
                        {fmt::format("{} không có khóa chính nên không nạp kiểu {} được.",
                                     m_request.dataset, contract::name_of(m_mode)),
                         fmt::format("{} has no primary key, so it cannot be loaded as {}.",
                                     m_request.dataset, contract::name_of(m_mode))},
                        {fmt::format("Dùng {}, hoặc khai khóa chính trong hợp đồng.",
                                     spoken::parameter("mode", "append")),
                         fmt::format("Use {}, or declare a primary key in the contract.",
                                     spoken::parameter("mode", "append"))});
        }
        // Mended rows are a part of the truth, never the whole.
        if (m_mode == contract::Mode::kSnapshot && !m_request.corrects.empty()) {
            if (m_request.mode) {
                return fail(Code::kInvalid,
                            {"Dòng gửi lại chỉ là một phần, không nạp kiểu snapshot được.",
                             "Rows sent again are a part; they cannot be loaded as snapshot."},
                            {fmt::format("Bỏ {}: dòng gửi lại được thêm hoặc sửa, không dòng nào "
                                         "bị xóa.",
                                         spoken::parameter("mode")),
                             fmt::format("Leave {} out: they are inserted or updated, nothing is "
                                         "deleted.",
                                         spoken::parameter("mode"))});
            }
            m_mode = contract::Mode::kUpsert;
        }
        if (m_request.confirm_deletes && m_mode != contract::Mode::kSnapshot) {
            return fail(
                Code::kInvalid,
                {fmt::format("Nạp kiểu {} không xóa dòng nào, nên không có gì để xác nhận.",
                             contract::name_of(m_mode)),
                 fmt::format("Loading as {} deletes nothing, so there is nothing to "
                             "confirm.",
                             contract::name_of(m_mode))},
                {fmt::format("Bỏ {}, hoặc dùng {}.", spoken::parameter("confirm_deletes"),
                             spoken::parameter("mode", "snapshot")),
                 fmt::format("Leave {} out, or use {}.", spoken::parameter("confirm_deletes"),
                             spoken::parameter("mode", "snapshot"))});
        }
        if (!m_request.confirm_missing.empty() && m_mode != contract::Mode::kSnapshot) {
            return fail(
                Code::kInvalid,
                {fmt::format("Nạp kiểu {} không làm trống cột nào của dòng đang có, nên không có "
                             "gì để xác nhận.",
                             contract::name_of(m_mode)),
                 fmt::format("Loading as {} empties no column of rows that stand, so there is "
                             "nothing to confirm.",
                             contract::name_of(m_mode))},
                {fmt::format("Bỏ {}.", spoken::parameter("confirm_missing")),
                 fmt::format("Leave {} out.", spoken::parameter("confirm_missing"))});
        }
        return {};
    }

    // The batch in whose place the file comes: of this dataset, accepted, and not replaced before.
    Result<void> check_replaced() {
        const std::string& id = m_request.replaces;
        if (id.empty()) return {};
        const auto wrong = [](Code code, Text what, Text fix) { return fail(code, what, fix); };
        if (m_mode == contract::Mode::kSnapshot || !m_request.corrects.empty()) {
            return wrong(Code::kInvalid,
                         {"Chỉ một tệp nạp kiểu append hay upsert mới thay được một lô.",
                          "Only a file that is loaded as append or upsert can replace a batch."},
                         {fmt::format("Bỏ {}: snapshot vốn đã thay mọi dòng.",
                                      spoken::parameter("replaces")),
                          fmt::format("Leave {} out: a snapshot replaces every row anyway.",
                                      spoken::parameter("replaces"))});
        }
        TRY_ASSIGN(const store::BatchInfo batch, m_store.batch(id));
        if (batch.dataset != m_request.dataset || batch.status != store::BatchStatus::kAccepted) {
            return wrong(
                Code::kInvalid,
                {fmt::format("Lô {} không phải là lô đã nhận của {}.", id, m_request.dataset),
                 fmt::format("Batch {} is no accepted batch of {}.", id, m_request.dataset)},
                {fmt::format("Xem các lô: nguon quarantine list {}.", m_request.dataset),
                 fmt::format("See the batches: nguon quarantine list {}.", m_request.dataset)});
        }
        TRY_ASSIGN(const auto batches, m_store.batches(m_request.dataset, 0));
        if (const std::string right = batch_with_rows(batches, batch); right != id) {
            return wrong(Code::kConflict,
                         {fmt::format("Các dòng của lô {} đã vào bằng lô {}.", id, right),
                          fmt::format("The rows of batch {} came in with batch {}.", id, right)},
                         {fmt::format("Dùng {}.", spoken::parameter("replaces", right)),
                          fmt::format("Use {}.", spoken::parameter("replaces", right))});
        }
        for (const store::BatchInfo& other : batches) {
            if (other.status != store::BatchStatus::kAccepted || replaced_by(other) != id) continue;
            return wrong(Code::kConflict,
                         {fmt::format("Lô {} đã được lô {} thay.", id, other.id),
                          fmt::format("Batch {} was replaced by batch {}.", id, other.id)},
                         {fmt::format("Dùng {}.", spoken::parameter("replaces", other.id)),
                          fmt::format("Use {}.", spoken::parameter("replaces", other.id))});
        }
        return {};
    }

    void report(std::string_view step) const {
        if (m_request.progress) m_request.progress(step, 0, 0);
    }

    store::Store& m_store;
    const LoadOptions& m_options;
    const LoadRequest& m_request;
    std::shared_ptr<const store::DatasetInfo> m_dataset;
    contract::Mode m_mode{};
    store::BatchDraft m_draft;
    std::vector<Step> m_recipe;
    std::vector<Step> m_contradicted;    // of the recipe, by the file
    std::vector<std::string> m_offered;  // codes of the fixes
    Headers m_headers;                   // what the file calls the columns
    bool m_is_another_file = false;
};

}  // namespace

Result<store::Receipt> load(store::Store& store, const LoadOptions& options,
                            const LoadRequest& request) {
    return Load(store, options, request).run();
}

}  // namespace nguon::intake
