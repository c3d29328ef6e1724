#include "intake/close_aside.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/spoken.h"
#include "base/text.h"
#include "crypto/sha256.h"
#include "intake/internal/sent_again.h"
#include "intake/mended_rows.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kLongestText = 500;  // characters of a reason, bytes of who

bool number_from(std::string_view text, std::int64_t& number) {
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc() && end == last && number > 0;
}

Result<void> check_words(const CloseRequest& request) {
    if (trim(request.reason).empty()) {
        return fail(
            Code::kInvalid, {"Chưa nói lý do.", "The reason is missing."},
            {fmt::format("Nói vì sao bỏ các dòng này: {}.", spoken::parameter("reason", "…")),
             fmt::format("Say why these rows go: {}.", spoken::parameter("reason", "…"))});
    }
    if (request.reason.size() <= 4 * kLongestText && request.by.size() <= kLongestText) return {};
    return fail(Code::kInvalid, {"Lý do quá dài.", "The reason is too long."},
                {fmt::format("Viết trong {} ký tự.", kLongestText),
                 fmt::format("Write at most {} characters.", kLongestText)});
}

std::unexpected<Error> not_open(const CloseRequest& request) {
    return fail(Code::kNotFound,
                {fmt::format("Lô {} không có dòng nào như vậy còn chờ sửa.", request.batch),
                 fmt::format("Batch {} has no such row that waits to be mended.", request.batch)},
                {fmt::format("Xem các dòng: nguon quarantine get {}.", request.batch),
                 fmt::format("See its rows: nguon quarantine get {}.", request.batch)});
}

}  // namespace

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> row_numbers_from(std::string_view text) {
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    for (const std::string& part : split(text, ',')) {
        const std::size_t dash = part.find('-');
        std::int64_t first = 0, last = 0;
        const bool good =
            number_from(trim(std::string_view(part).substr(0, dash)), first) &&
            number_from(trim(std::string_view(part).substr(dash == part.npos ? 0 : dash + 1)),
                        last) &&
            first <= last;
        if (!good) {
            return fail(Code::kInvalid,
                        {"Số dòng không đọc được.", "The numbers of rows cannot be read."},
                        {fmt::format("Viết như {}.", spoken::parameter("rows", "2,5-9")),
                         fmt::format("Write them like {}.", spoken::parameter("rows", "2,5-9"))});
        }
        rows.emplace_back(first, last);
    }
    return rows;
}

Result<store::Receipt> close_aside(store::Store& store, const CloseRequest& request) {
    TRY(check_words(request));
    TRY_ASSIGN(const store::BatchInfo batch, store.batch(request.batch));
    if (batch.status != store::BatchStatus::kAccepted) {
        return fail(Code::kConflict,
                    {fmt::format("Lô {} bị từ chối cả lô nên không có dòng nào chờ sửa.", batch.id),
                     fmt::format("Batch {} was refused as a whole: no row of it waits.", batch.id)},
                    {"Không cần đóng.", "There is nothing to close."});
    }
    TRY_ASSIGN(const auto lock, store.lock(batch.dataset));
    TRY_ASSIGN(const auto info, store.dataset(batch.dataset));
    TRY_ASSIGN(const auto aside, SentAgain::of(store, batch));
    const std::map<std::int64_t, RowAside> open = aside->open_rows();
    std::vector<RowAside> rows;
    for (const auto& [row, name] : open) {
        const auto holds = [&](const auto& one) { return one.first <= row && row <= one.second; };
        if (request.rows.empty() || std::ranges::any_of(request.rows, holds)) rows.push_back(name);
    }
    const auto is_open = [&](const auto& one) {
        const auto first = open.lower_bound(one.first);
        return first != open.end() && first->first <= one.second;
    };
    if (rows.empty() || !std::ranges::all_of(request.rows, is_open)) return not_open(request);
    store::BatchDraft draft;
    draft.id = make_id(*store.options().clock, *store.options().random);
    draft.dataset = batch.dataset;
    draft.contract_version = info->contract.version;
    draft.mode = contract::mode_from_name(batch.mode).value_or(contract::Mode::kUpsert);
    if (draft.mode == contract::Mode::kSnapshot) draft.mode = contract::Mode::kUpsert;
    draft.corrects = batch.id;
    TRY_ASSIGN(const store::Head head, store.head(batch.dataset));
    draft.expected_head = head.seq;
    const std::size_t count = rows.size();
    json::array named = mended_json(rows);
    draft.body_sha256 = crypto::sha256_hex(to_text(named) + request.reason);
    draft.corrected = {
        {"rows", count},
        {"of", batch.rows.rejected},
        {"left", open.size() - count},
        {"again", 0},
        {"mended", std::move(named)},
        {"closed",
         {{"rows", count},
          {"reason", request.reason},
          {"by", request.by.empty() ? json::value(nullptr) : json::value(request.by)}}}};
    return store.commit(draft);
}

}  // namespace nguon::intake
