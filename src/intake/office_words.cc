#include "intake/office_words.h"

#include <algorithm>
#include <span>

namespace nguon::intake {
namespace {

struct Known {
    std::string_view shape;  // the header in snake case
    std::string_view vi, en;
};

constexpr Known kHeaders[] = {
    {"stt", "Số thứ tự", "No."},
    {"so_tt", "Số thứ tự", "No."},
    {"so_thu_tu", "Số thứ tự", "No."},
    {"tt", "Số thứ tự", "No."},
    {"id", "Mã", "Identifier"},
    {"ma", "Mã", "Code"},
    {"code", "Mã", "Code"},
    {"ten", "Tên", "Name"},
    {"name", "Tên", "Name"},
    {"ten_goi", "Tên gọi", "Name"},
    {"ho_ten", "Họ và tên", "Full name"},
    {"ho_va_ten", "Họ và tên", "Full name"},
    {"full_name", "Họ và tên", "Full name"},
    {"ho", "Họ", "Family name"},
    {"ho_dem", "Họ và tên đệm", "Family and middle names"},
    {"ten_dem", "Tên đệm", "Middle name"},
    {"ten_chu_ho", "Tên chủ hộ", "Head of household"},
    {"chu_ho", "Chủ hộ", "Head of household"},
    {"ngay_sinh", "Ngày sinh", "Date of birth"},
    {"birth_date", "Ngày sinh", "Date of birth"},
    {"date_of_birth", "Ngày sinh", "Date of birth"},
    {"dob", "Ngày sinh", "Date of birth"},
    {"ngay_thang_nam_sinh", "Ngày, tháng, năm sinh", "Date of birth"},
    {"nam_sinh", "Năm sinh", "Year of birth"},
    {"noi_sinh", "Nơi sinh", "Place of birth"},
    {"que_quan", "Quê quán", "Place of origin"},
    {"tuoi", "Tuổi", "Age"},
    {"age", "Tuổi", "Age"},
    {"gioi_tinh", "Giới tính", "Sex"},
    {"sex", "Giới tính", "Sex"},
    {"gender", "Giới tính", "Sex"},
    {"dan_toc", "Dân tộc", "Ethnic group"},
    {"ethnicity", "Dân tộc", "Ethnic group"},
    {"ton_giao", "Tôn giáo", "Religion"},
    {"quoc_tich", "Quốc tịch", "Nationality"},
    {"nationality", "Quốc tịch", "Nationality"},
    {"so_cccd", "Số căn cước", "Citizen number"},
    {"cccd", "Số căn cước", "Citizen number"},
    {"can_cuoc", "Số căn cước", "Citizen number"},
    {"can_cuoc_cong_dan", "Số căn cước", "Citizen number"},
    {"so_can_cuoc", "Số căn cước", "Citizen number"},
    {"citizen_id", "Số định danh cá nhân", "Citizen number"},
    {"so_dinh_danh", "Số định danh cá nhân", "Citizen number"},
    {"so_dinh_danh_ca_nhan", "Số định danh cá nhân", "Citizen number"},
    {"cmnd", "Số chứng minh nhân dân", "Identity card number"},
    {"so_cmnd", "Số chứng minh nhân dân", "Identity card number"},
    {"ho_chieu", "Số hộ chiếu", "Passport number"},
    {"so_ho_chieu", "Số hộ chiếu", "Passport number"},
    {"passport", "Số hộ chiếu", "Passport number"},
    {"dien_thoai", "Điện thoại", "Telephone"},
    {"so_dien_thoai", "Số điện thoại", "Telephone"},
    {"sdt", "Số điện thoại", "Telephone"},
    {"phone", "Số điện thoại", "Telephone"},
    {"email", "Thư điện tử", "E-mail"},
    {"thu_dien_tu", "Thư điện tử", "E-mail"},
    {"dia_chi", "Địa chỉ", "Address"},
    {"address", "Địa chỉ", "Address"},
    {"dia_chi_thuong_tru", "Địa chỉ thường trú", "Permanent address"},
    {"noi_thuong_tru", "Nơi thường trú", "Permanent address"},
    {"thuong_tru", "Nơi thường trú", "Permanent address"},
    {"tam_tru", "Nơi tạm trú", "Temporary address"},
    {"noi_o_hien_tai", "Nơi ở hiện tại", "Present address"},
    {"thon", "Thôn", "Village"},
    {"to_dan_pho", "Tổ dân phố", "Neighbourhood group"},
    {"xa", "Xã", "Commune"},
    {"phuong", "Phường", "Ward"},
    {"xa_phuong", "Xã, phường", "Commune or ward"},
    {"phuong_xa", "Phường, xã", "Ward or commune"},
    {"ma_xa", "Mã xã", "Commune code"},
    {"ma_phuong", "Mã phường", "Ward code"},
    {"ma_phuong_xa", "Mã phường, xã", "Ward or commune code"},
    {"ma_xa_phuong", "Mã xã, phường", "Commune or ward code"},
    {"ward_code", "Mã xã, phường", "Commune or ward code"},
    {"ma_dvhc", "Mã đơn vị hành chính", "Administrative unit code"},
    {"quan_huyen", "Quận, huyện", "District"},
    {"huyen", "Huyện", "District"},
    {"ma_huyen", "Mã huyện", "District code"},
    {"district_code", "Mã huyện", "District code"},
    {"tinh", "Tỉnh", "Province"},
    {"tinh_thanh", "Tỉnh, thành phố", "Province or city"},
    {"tinh_thanh_pho", "Tỉnh, thành phố", "Province or city"},
    {"ma_tinh", "Mã tỉnh", "Province code"},
    {"province_code", "Mã tỉnh", "Province code"},
    {"nghe_nghiep", "Nghề nghiệp", "Occupation"},
    {"trinh_do", "Trình độ", "Education"},
    {"chuc_vu", "Chức vụ", "Position"},
    {"co_quan", "Cơ quan", "Agency"},
    {"don_vi", "Đơn vị", "Unit"},
    {"don_vi_cong_tac", "Đơn vị công tác", "Place of work"},
    {"noi_cap", "Nơi cấp", "Issued by"},
    {"ngay_cap", "Ngày cấp", "Issued on"},
    {"ngay_het_han", "Ngày hết hạn", "Expires on"},
    {"tu_ngay", "Từ ngày", "From"},
    {"den_ngay", "Đến ngày", "To"},
    {"ngay", "Ngày", "Date"},
    {"ngay_dang_ky", "Ngày đăng ký", "Registered on"},
    {"registered_at", "Thời điểm đăng ký", "Registered at"},
    {"created_at", "Thời điểm tạo", "Created at"},
    {"updated_at", "Thời điểm cập nhật", "Updated at"},
    {"ngay_lap", "Ngày lập", "Drawn up on"},
    {"nam", "Năm", "Year"},
    {"thang", "Tháng", "Month"},
    {"quy", "Quý", "Quarter"},
    {"so_luong", "Số lượng", "Quantity"},
    {"quantity", "Số lượng", "Quantity"},
    {"don_gia", "Đơn giá", "Unit price"},
    {"thanh_tien", "Thành tiền", "Amount"},
    {"so_tien", "Số tiền", "Amount"},
    {"amount", "Số tiền", "Amount"},
    {"tong_tien", "Tổng tiền", "Total amount"},
    {"dien_tich", "Diện tích", "Area"},
    {"area", "Diện tích", "Area"},
    {"dan_so", "Dân số", "Population"},
    {"so_ho", "Số hộ", "Households"},
    {"so_khau", "Số khẩu", "Persons"},
    {"ma_ho", "Mã hộ", "Household code"},
    {"household_id", "Mã hộ", "Household code"},
    {"quan_he_voi_chu_ho", "Quan hệ với chủ hộ", "Relation to the head of household"},
    {"relation_to_head", "Quan hệ với chủ hộ", "Relation to the head of household"},
    {"so_nhan_vien", "Số nhân viên", "Staff"},
    {"so_giuong", "Số giường", "Beds"},
    {"mst", "Mã số thuế", "Tax code"},
    {"ma_so_thue", "Mã số thuế", "Tax code"},
    {"tax_code", "Mã số thuế", "Tax code"},
    {"ten_doanh_nghiep", "Tên doanh nghiệp", "Company name"},
    {"so_tai_khoan", "Số tài khoản", "Bank account"},
    {"stk", "Số tài khoản", "Bank account"},
    {"ngan_hang", "Ngân hàng", "Bank"},
    {"bien_so", "Biển số", "Licence plate"},
    {"bien_so_xe", "Biển số xe", "Licence plate"},
    {"so_the_bhyt", "Số thẻ bảo hiểm y tế", "Health insurance number"},
    {"ma_the_bhyt", "Mã thẻ bảo hiểm y tế", "Health insurance number"},
    {"so_bhxh", "Số bảo hiểm xã hội", "Social insurance number"},
    {"kinh_do", "Kinh độ", "Longitude"},
    {"vi_do", "Vĩ độ", "Latitude"},
    {"lat", "Vĩ độ", "Latitude"},
    {"lon", "Kinh độ", "Longitude"},
    {"latitude", "Vĩ độ", "Latitude"},
    {"longitude", "Kinh độ", "Longitude"},
    {"trang_thai", "Trạng thái", "Status"},
    {"status", "Trạng thái", "Status"},
    {"tinh_trang", "Tình trạng", "Condition"},
    {"loai", "Loại", "Kind"},
    {"type", "Loại", "Kind"},
    {"loai_hinh", "Loại hình", "Kind"},
    {"ghi_chu", "Ghi chú", "Note"},
    {"note", "Ghi chú", "Note"},
    {"noi_dung", "Nội dung", "Content"},
    {"mo_ta", "Mô tả", "Description"},
    {"description", "Mô tả", "Description"},
    {"ly_do", "Lý do", "Reason"},
    {"ket_qua", "Kết quả", "Result"},
    {"diem", "Điểm", "Mark"},
    {"lop", "Lớp", "Class"},
    {"truong", "Trường", "School"},
    {"url", "Địa chỉ trang web", "Web address"},
};

// What a thing is called, for titles such as "Mã hồ sơ", "Ngày quyết định".
constexpr Known kThings[] = {
    {"ho_so", "hồ sơ", "file"},
    {"quyet_dinh", "quyết định", "decision"},
    {"giay_phep", "giấy phép", "licence"},
    {"hop_dong", "hợp đồng", "contract"},
    {"hoa_don", "hóa đơn", "invoice"},
    {"thua_dat", "thửa đất", "land parcel"},
    {"thua", "thửa", "parcel"},
    {"to_ban_do", "tờ bản đồ", "map sheet"},
    {"ho", "hộ", "household"},
    {"ho_gia_dinh", "hộ gia đình", "household"},
    {"truong", "trường", "school"},
    {"hoc_sinh", "học sinh", "pupil"},
    {"giao_vien", "giáo viên", "teacher"},
    {"benh_nhan", "bệnh nhân", "patient"},
    {"benh_vien", "bệnh viện", "hospital"},
    {"co_so", "cơ sở", "facility"},
    {"tram", "trạm", "station"},
    {"tram_y_te", "trạm y tế", "health station"},
    {"doanh_nghiep", "doanh nghiệp", "company"},
    {"cong_ty", "công ty", "company"},
    {"du_an", "dự án", "project"},
    {"cong_trinh", "công trình", "works"},
    {"san_pham", "sản phẩm", "product"},
    {"hang_hoa", "hàng hóa", "goods"},
    {"vat_tu", "vật tư", "material"},
    {"thiet_bi", "thiết bị", "device"},
    {"tai_san", "tài sản", "asset"},
    {"nhan_vien", "nhân viên", "employee"},
    {"can_bo", "cán bộ", "officer"},
    {"phong_ban", "phòng ban", "department"},
    {"don_vi", "đơn vị", "unit"},
    {"co_quan", "cơ quan", "agency"},
    {"khach_hang", "khách hàng", "customer"},
    {"xe", "xe", "vehicle"},
    {"dich_vu", "dịch vụ", "service"},
    {"thu_tuc", "thủ tục", "procedure"},
    {"van_ban", "văn bản", "document"},
    {"dan_toc", "dân tộc", "ethnic group"},
    {"tinh", "tỉnh", "province"},
    {"huyen", "huyện", "district"},
    {"xa", "xã", "commune"},
    {"thon", "thôn", "village"},
    {"duong", "đường", "road"},
    {"song", "sông", "river"},
    {"dang_ky", "đăng ký", "registration"},
    {"cap_nhat", "cập nhật", "update"},
    {"ban_hanh", "ban hành", "issue"},
    {"thanh_lap", "thành lập", "founding"},
    {"bat_dau", "bắt đầu", "start"},
    {"ket_thuc", "kết thúc", "end"},
    {"nop", "nộp", "submission"},
};

// What is said of a thing; {} in the English stands for it.
constexpr Known kAspects[] = {
    {"ma_so", "Mã số", "{} number"},    {"ma", "Mã", "{} code"},
    {"ten", "Tên", "{} name"},          {"so", "Số", "{} number"},
    {"ngay", "Ngày", "{} date"},        {"nam", "Năm", "{} year"},
    {"loai", "Loại", "{} kind"},        {"dia_chi", "Địa chỉ", "{} address"},
    {"tong_so", "Tổng số", "Total {}"},
};

const Known* find(std::span<const Known> among, std::string_view shape) {
    const auto found = std::ranges::find(among, shape, &Known::shape);
    return found == among.end() ? nullptr : &*found;
}

std::string capital_first(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// "Number of staff" style words from a name in snake case: "staff_count" -> "Staff count".
std::string words_of(std::string_view shape) {
    std::string text(shape);
    std::ranges::replace(text, '_', ' ');
    return capital_first(std::move(text));
}

bool has_marks(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

Text title_for(std::string_view header) {
    const std::string own(trim(header));
    const std::string shape = snake_case(own);
    // A header that is written with its marks is better Vietnamese than ours.
    const auto vietnamese = [&](std::string_view ours) {
        return has_marks(own) ? own : std::string(ours);
    };
    if (const Known* known = find(kHeaders, shape))
        return {vietnamese(known->vi), std::string(known->en)};
    for (const Known& aspect : kAspects) {
        if (!shape.starts_with(aspect.shape) || shape.size() <= aspect.shape.size() + 1 ||
            shape[aspect.shape.size()] != '_')
            continue;
        const Known* thing = find(kThings, std::string_view(shape).substr(aspect.shape.size() + 1));
        if (thing == nullptr) continue;
        std::string english(aspect.en);
        english.replace(english.find("{}"), 2, thing->en);
        return {vietnamese(std::string(aspect.vi) + " " + std::string(thing->vi)),
                capital_first(std::move(english))};
    }
    if (has_marks(own)) return {own, words_of(shape)};
    const std::string words = own == shape ? words_of(shape) : own;
    return {words, words};
}

}  // namespace nguon::intake
