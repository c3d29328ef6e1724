#include "intake/erase.h"

#include <fmt/format.h>

#include <algorithm>

#include "intake/change_rows.h"
#include "store/history_source.h"
#include "store/key.h"
#include "store/read.h"

namespace nguon::intake {
namespace {

Result<std::vector<std::string>> standing(const store::Store& store,
                                          const store::DatasetInfo& dataset,
                                          const std::vector<std::string>& keys) {
    const store::StoreHistory history(store);
    TRY_ASSIGN(const store::Head head, store.head(dataset.contract.name));
    std::vector<std::string> there;
    for (const std::string& key : keys) {
        TRY_ASSIGN(const auto found, store::get_as_of(history, dataset, key, head.seq, {}));
        if (found) there.push_back(key);
    }
    return there;
}

}  // namespace

Result<store::Receipt> erase_rows(store::Store& store, const LoadOptions& options,
                                  std::string_view name, const std::vector<std::string>& keys,
                                  std::string_view order) {
    constexpr std::size_t kLongestOrder = 1000;
    if (trim(order).empty() || order.size() > kLongestOrder) {
        return fail(Code::kInvalid,
                    {"Phải nêu văn bản yêu cầu xóa, không quá 1.000 ký tự.",
                     "The order to erase must be named, in at most 1,000 characters."},
                    {"Ví dụ: «Quyết định 12/QĐ-STTTT ngày 02/11/2026».",
                     "For example \"Decision 12/QD-STTTT of 2 November 2026\"."});
    }
    constexpr std::size_t kMostKeys = 200;
    if (keys.size() > kMostKeys) {
        return fail(Code::kTooLarge,
                    {fmt::format("Một lần xóa nhiều nhất {} dòng.", kMostKeys),
                     fmt::format("At most {} rows are erased at once.", kMostKeys)},
                    {"Chia thành nhiều lần, cùng một văn bản.",
                     "Part them into several, under the same order."});
    }
    TRY_ASSIGN(const auto dataset, store.dataset(name));
    store::Erasure erasure;
    erasure.id = make_id(*store.options().clock, *store.options().random);
    erasure.dataset = name;
    erasure.order = trim(order);
    for (const std::string& key : keys) {
        TRY_ASSIGN(std::string canonical, store::canonical_key(dataset->contract, key));
        if (std::ranges::find(erasure.keys, canonical) == erasure.keys.end())
            erasure.keys.push_back(std::move(canonical));
    }
    TRY_ASSIGN(const std::vector<std::string> there, standing(store, *dataset, erasure.keys));
    if (!there.empty()) TRY(delete_rows(store, options, name, there, ""));
    TRY_ASSIGN(const auto lock, store.lock(name));
    return store.erase(*lock, erasure);
}

}  // namespace nguon::intake
