#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/spoken.h"
#include "contract/column_type.h"
#include "crypto/sha256.h"
#include "store/internal/control.h"
#include "store/internal/impl.h"
#include "store/segment_file.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kLockWait{60};

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(Options options) {
    auto impl = std::make_unique<Impl>();
    impl->options = std::move(options);
    impl->options.folder = fs::absolute(impl->options.folder).lexically_normal();
    if (!impl->options.write_segment) impl->options.write_segment = &write_segment_file;
    TRY(impl->start());
    return std::unique_ptr<Store>(new Store(std::move(impl)));
}

const Store::Options& Store::options() const {
    return m_impl->options;
}
fs::path Store::views_folder() const {
    return m_impl->path("views");
}

fs::path Store::new_temporary(std::string_view suffix) {
    const std::string id = make_id(*m_impl->options.clock, *m_impl->options.random);
    return m_impl->path("tmp") / (id + std::string(suffix));
}

Result<std::shared_ptr<DatasetState>> Store::Impl::find(std::string_view name) const {
    TRY(check_readable());
    const std::shared_lock lock(state_mutex);
    const auto found = states.find(name);
    if (found == states.end()) {
        return fail(Code::kNotFound,
                    {fmt::format("Không có tập dữ liệu «{}».", name),
                     fmt::format("There is no dataset \"{}\".", name)},
                    {fmt::format("Xem danh sách: {}; hoặc áp dụng hợp đồng: {}.",
                                 spoken::route("GET /api/v1/datasets"),
                                 spoken::route("POST /api/v1/contracts")),
                     fmt::format("List them: {}; or apply its contract: {}.",
                                 spoken::route("GET /api/v1/datasets"),
                                 spoken::route("POST /api/v1/contracts"))});
    }
    return found->second;
}

Result<void> Store::Impl::check_readable() const {
    if (damage.empty()) return {};
    return fail(Code::kCorrupt, damage,
                {"Chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
                 "Run `nguon verify`, then restore from a backup."});
}

Result<void> Store::Impl::check_writable() const {
    TRY(check_readable());
    if (writer == nullptr || options.signer == nullptr) {
        return fail(
            Code::kDenied,
            {"Thư mục này đang được mở chỉ để đọc.", "This folder is open for reading only."},
            {"Mở bằng nút có khoá riêng.", "Open it with the node that has its private key."});
    }
    return {};
}

namespace {

Result<std::string> stored_text(sql::Sqlite& control, std::string_view sha256) {
    TRY_ASSIGN(sql::Statement text,
               control.prepare("select yaml from contract_text where sha256 = ?"));
    text.bind(1, sha256);
    TRY(text.step());
    return std::string(text.text(0));
}

Result<std::vector<FieldId>> fields_of(sql::Sqlite& control, std::int64_t dataset) {
    TRY_ASSIGN(
        sql::Statement row,
        control.prepare(
            "select column_name, id from field where dataset = ? and retired = 0 order by id"));
    row.bind(1, dataset);
    std::vector<FieldId> fields;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return fields;
        fields.push_back({std::string(row.text(0)), static_cast<int>(row.integer(1))});
    }
}

// Of every other version.
Result<std::vector<std::string>> earlier_texts(sql::Sqlite& control, std::int64_t dataset,
                                               std::string_view sha256) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        select t.yaml from contract_text t where t.sha256 in (
            select c.sha256 from contract c where c.dataset = ? and c.sha256 <> ?))sql"));
    row.bind(1, dataset).bind(2, sha256);
    std::vector<std::string> texts;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return texts;
        texts.emplace_back(row.text(0));
    }
}

// The columns in force that were of another type there, under this name or a former one.
void note_types(const std::string& text, DatasetInfo& info) {
    const Result<contract::Contract> parsed = contract::parse(text, "contract.yaml");
    if (!parsed) return;
    const auto then =
        std::ranges::find(parsed->datasets, info.contract.name, &contract::Dataset::name);
    if (then == parsed->datasets.end()) return;
    for (const contract::Column& column : info.contract.columns) {
        const auto note = [&](const std::string& name) {
            const contract::Column* before = then->column(name);
            if (before != nullptr &&
                contract::column_type(*before).sql() != contract::column_type(column).sql())
                info.retyped.insert(column.name);
        };
        note(column.name);
        const auto field = std::ranges::find(info.fields, column.name, &FieldId::column);
        for (const FormerName& former : info.former_names) {
            if (field != info.fields.end() && former.id == field->id) note(former.column);
        }
    }
}

}  // namespace

// Parsing costs milliseconds (measured: 2 to 5 for 17 KB), so it is done once per text, for all its
// datasets.
Result<std::shared_ptr<const DatasetInfo>> Store::Impl::load_info(
    const std::shared_ptr<DatasetState>& state) {
    std::string sha256;
    {
        const std::shared_lock lock(state_mutex);
        if (state->info) return state->info;
        sha256 = state->contract_sha256;
    }
    std::string text;
    {
        const std::lock_guard lock(read_mutex);
        TRY_ASSIGN(text, stored_text(*reader, sha256));
    }
    Result<contract::Contract> parsed = contract::parse(text, state->name + ".yaml");
    std::shared_ptr<const DatasetInfo> wanted;
    if (parsed && crypto::sha256_hex(text) == sha256) {
        for (contract::Dataset& dataset : parsed->datasets) {
            TRY_ASSIGN(std::shared_ptr<const DatasetInfo> info, share_info(dataset, text, sha256));
            if (info && info->contract.name == state->name) wanted = std::move(info);
        }
    }
    if (wanted) return wanted;
    const std::shared_lock lock(state_mutex);
    if (state->contract_sha256 != sha256 && state->info) return state->info;  // applied meanwhile
    return fail(Code::kCorrupt,
                {fmt::format("Hợp đồng đã lưu của «{}» không đọc được.", state->name),
                 fmt::format("The stored contract of \"{}\" cannot be read.", state->name)},
                {"Chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
                 "Run `nguon verify`, then restore from a backup."});
}

Result<std::shared_ptr<const DatasetInfo>> Store::Impl::share_info(contract::Dataset& dataset,
                                                                   const std::string& text,
                                                                   std::string_view sha256) {
    std::shared_ptr<DatasetState> state;
    auto info = std::make_shared<DatasetInfo>();
    {
        const std::shared_lock lock(state_mutex);
        const auto found = states.find(dataset.name);
        // Another text may define it in a newer version.
        if (found == states.end() || found->second->contract_sha256 != sha256) return nullptr;
        state = found->second;
        if (state->info) return state->info;
        info->corrupt = state->corrupt;
    }
    std::vector<std::string> earlier;
    {
        const std::lock_guard lock(read_mutex);
        TRY_ASSIGN(info->fields, fields_of(*reader, state->id));
        TRY_ASSIGN(info->former_names, former_names(*reader, state->id));
        TRY_ASSIGN(earlier, earlier_texts(*reader, state->id, sha256));
    }
    info->contract = std::move(dataset);
    info->contract_text = text;
    for (const std::string& one : earlier)
        note_types(one, *info);
    const std::unique_lock lock(state_mutex);
    if (state->contract_sha256 != sha256)
        return nullptr;  // applied meanwhile; the fields may be newer
    if (!state->info) state->info = std::move(info);
    return state->info;
}

std::vector<std::shared_ptr<const DatasetInfo>> Store::datasets() const {
    std::vector<std::shared_ptr<DatasetState>> states;
    {
        const std::shared_lock lock(m_impl->state_mutex);
        for (const auto& [name, state] : m_impl->states)
            states.push_back(state);
    }
    std::vector<std::shared_ptr<const DatasetInfo>> infos;
    infos.reserve(states.size());
    for (const std::shared_ptr<DatasetState>& state : states) {
        // One whose stored contract is damaged is left out; dataset() and verify() say why.
        if (auto info = m_impl->load_info(state)) infos.push_back(*std::move(info));
    }
    return infos;
}

std::vector<std::string> Store::dataset_names() const {
    const std::shared_lock lock(m_impl->state_mutex);
    std::vector<std::string> names;
    names.reserve(m_impl->states.size());
    for (const auto& [name, state] : m_impl->states)
        names.push_back(name);
    return names;
}

Result<std::shared_ptr<const DatasetInfo>> Store::dataset(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    return m_impl->load_info(state);
}

Result<std::unique_ptr<Store::WriteLock>> Store::lock(std::string_view name, HotRows hot) {
    TRY_ASSIGN(std::shared_ptr<DatasetState> state, m_impl->find(name));
    {
        std::unique_lock lock(state->mutex);
        if (!state->freed.wait_for(lock, kLockWait, [&] { return !state->locked; })) {
            return fail(Code::kUnavailable,
                        {fmt::format("«{}» đang được ghi bởi một lô khác.", name),
                         fmt::format("\"{}\" is being written by another batch.", name)},
                        {"Thử lại sau ít phút.", "Try again in a few minutes."});
        }
        state->locked = true;
    }
    auto held = std::make_unique<WriteLock>(std::move(state));
    if (hot == HotRows::kSeal) TRY(seal(*held));
    return held;
}

Store::WriteLock::~WriteLock() {
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->locked = false;
    }
    m_state->freed.notify_one();
}

}  // namespace nguon::store
