#include "forms/import.h"

#include <gmock/gmock.h>

#include "forms/internal/testing.h"

namespace nguon::forms {
namespace {

using contract::Column;
using contract::LogicalType;
using ::testing::HasSubstr;
using testing::parsed;
using testing::written;

struct Made {
    contract::Contract contract;
    Imported imported;
    // Every note as "line path: words".
    std::string notes() const {
        std::string all;
        for (const Note& note : imported.notes)
            all += std::to_string(note.line) + " " + note.path + ": " + note.what.en + "\n";
        return all;
    }
    const contract::Dataset& table(std::string_view schema) const {
        static const contract::Dataset kNone;
        const auto found = std::ranges::find(contract.datasets, schema, &contract::Dataset::schema);
        if (found == contract.datasets.end()) ADD_FAILURE() << "no " << schema;
        return found == contract.datasets.end() ? kNone : *found;
    }
    const Column& column(std::string_view schema, std::string_view name) const {
        static const Column kNone;
        const Column* found = table(schema).column(name);
        if (found == nullptr) ADD_FAILURE() << "no " << schema << "." << name;
        return found == nullptr ? kNone : *found;
    }
};

Made made(std::string_view text, std::string file = "office.sql") {
    ImportRequest request;
    request.bytes = text;
    request.file = std::move(file);
    auto imported = import_contract(request);
    if (!imported) {
        ADD_FAILURE() << imported.error().detail.en;
        for (const Problem& one : imported.error().errors)
            ADD_FAILURE() << one.path << ": " << one.problem.en;
        return {};
    }
    Made result;
    result.contract = parsed(imported->yaml);
    result.imported = std::move(*imported);
    return result;
}

std::string key_of(const contract::Dataset& dataset) {
    std::string names;
    for (const Column* column : dataset.key())
        names += (names.empty() ? "" : ",") + column->name;
    return names;
}

TEST(Import, PostgresDumpWithAlterAndComments) {
    const Made office = made(R"sql(
--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
CREATE TABLE public.don_vi (
    ma character varying(10) NOT NULL,
    ten text NOT NULL
);
CREATE TABLE public.can_bo (
    so_dinh_danh character(12) NOT NULL,
    "Họ tên" character varying(80) NOT NULL,
    gioi_tinh text DEFAULT 'M'::text,
    ngay_sinh date,
    luong numeric(15,2),
    he_so double precision,
    ma_don_vi character varying(10),
    cap_nhat timestamp(6) with time zone DEFAULT now() NOT NULL,
    nhan text[],
    tuoi smallint,
    CONSTRAINT gt CHECK (((gioi_tinh)::text = ANY ((ARRAY['M'::character varying, 'F'::character varying])::text[]))),
    CONSTRAINT t CHECK (((tuoi >= 18) AND (tuoi <= 70))),
    CONSTRAINT d CHECK ((cap_nhat > ngay_sinh))
);
ALTER TABLE ONLY public.don_vi ADD CONSTRAINT don_vi_pkey PRIMARY KEY (ma);
ALTER TABLE ONLY public.can_bo
    ADD CONSTRAINT can_bo_pkey PRIMARY KEY (so_dinh_danh);
ALTER TABLE ONLY public.can_bo
    ADD CONSTRAINT fk FOREIGN KEY (ma_don_vi) REFERENCES public.don_vi(ma) ON DELETE SET NULL;
COMMENT ON TABLE public.can_bo IS 'Cán bộ, công chức';
COMMENT ON COLUMN public.can_bo.ngay_sinh IS 'Ngày sinh';
CREATE UNIQUE INDEX ten_idx ON public.don_vi USING btree (ten);
CREATE VIEW v AS SELECT 1;
)sql");
    EXPECT_EQ(office.imported.from, Source::kSql);
    EXPECT_EQ(key_of(office.table("can_bo")), "so_dinh_danh");
    EXPECT_EQ(office.table("can_bo").title.vi, "Cán bộ, công chức");
    EXPECT_EQ(office.column("can_bo", "ngay_sinh").title.vi, "Ngày sinh");
    EXPECT_EQ(office.column("can_bo", "ho_ten").title.vi, "Họ tên");
    EXPECT_TRUE(office.column("can_bo", "ho_ten").required);
    EXPECT_EQ(office.column("can_bo", "so_dinh_danh").options.max_length, 12);
    ASSERT_EQ(office.column("can_bo", "gioi_tinh").enumeration.size(), 2U);
    EXPECT_EQ(office.column("can_bo", "gioi_tinh").enumeration[1].value, "F");
    EXPECT_EQ(office.column("can_bo", "luong").physical_type, "DECIMAL(15,2)");
    EXPECT_EQ(office.column("can_bo", "he_so").type, LogicalType::kNumber);
    EXPECT_EQ(office.column("can_bo", "cap_nhat").type, LogicalType::kTimestamp);
    EXPECT_EQ(office.column("can_bo", "tuoi").options.minimum, "18");
    EXPECT_EQ(office.column("can_bo", "tuoi").options.maximum, "70");
    ASSERT_TRUE(office.column("can_bo", "ma_don_vi").reference.has_value());
    EXPECT_EQ(office.column("can_bo", "ma_don_vi").reference->dataset, "office.don_vi");
    EXPECT_TRUE(office.column("don_vi", "ten").unique);
    ASSERT_EQ(office.table("can_bo").rules.size(), 1U);
    EXPECT_EQ(office.table("can_bo").rules[0].expression, "cap_nhat > ngay_sinh");
    const std::string notes = office.notes();
    EXPECT_THAT(notes, HasSubstr("13 can_bo.gioi_tinh: the default 'M'"));
    EXPECT_THAT(notes, HasSubstr("19 can_bo.nhan: the type \"text[]\" is kept as text"));
    EXPECT_THAT(notes, HasSubstr("33 : left out: CREATE VIEW v"));
}

TEST(Import, MySqlWithBackticksCommentsAndEnums) {
    const Made office = made(R"sql(
/*!40101 SET NAMES utf8mb4 */;
# bảng chính
CREATE TABLE IF NOT EXISTS `ho_so` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `ma` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL COMMENT 'Mã hồ sơ',
  `trang_thai` enum('moi','dang_xu_ly','xong; đã trả') NOT NULL DEFAULT 'moi',
  `co_phi` tinyint(1) DEFAULT '0',
  `phi` decimal(12,0) DEFAULT NULL,
  `ngay` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `ghi_chu` text COMMENT 'Người nộp nói \'khẩn\'',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uk_ma` (`ma`),
  UNIQUE KEY `uk_2` (`trang_thai`,`ngay`),
  KEY `idx` (`ngay`)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='Hồ sơ một cửa';
INSERT INTO `ho_so` VALUES (1,'A','moi',0,NULL,NULL,'x;y');
)sql");
    EXPECT_EQ(key_of(office.table("ho_so")), "id");
    EXPECT_EQ(office.table("ho_so").title.vi, "Hồ sơ một cửa");
    EXPECT_EQ(office.column("ho_so", "id").type, LogicalType::kInteger);
    EXPECT_EQ(office.column("ho_so", "id").options.minimum, "0");
    EXPECT_EQ(office.column("ho_so", "ma").title.vi, "Mã hồ sơ");
    EXPECT_TRUE(office.column("ho_so", "ma").unique);
    ASSERT_EQ(office.column("ho_so", "trang_thai").enumeration.size(), 3U);
    EXPECT_EQ(office.column("ho_so", "trang_thai").enumeration[2].value, "xong; đã trả");
    EXPECT_EQ(office.column("ho_so", "co_phi").type, LogicalType::kBoolean);
    EXPECT_EQ(office.column("ho_so", "phi").type, LogicalType::kInteger);
    EXPECT_EQ(office.column("ho_so", "ngay").type, LogicalType::kTimestamp);
    EXPECT_EQ(office.column("ho_so", "ghi_chu").title.vi, "Người nộp nói 'khẩn'");
    ASSERT_EQ(office.table("ho_so").rules.size(), 1U);
    EXPECT_EQ(office.table("ho_so").rules[0].metric->properties,
              (std::vector<std::string>{"trang_thai", "ngay"}));
    EXPECT_THAT(office.notes(), HasSubstr("17 : left out: INSERT INTO"));
}

TEST(Import, SqlServerWithBracketsAndDescriptions) {
    const Made office = made(R"sql(
USE [QLDC]
GO
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[CongDan](
	[MaDinhDanh] [nvarchar](12) NOT NULL,
	[HoTen] [nvarchar](max) NULL,
	[NgayTao] [datetime2](7) NOT NULL,
	[DaXoa] [bit] NOT NULL,
	[SoTien] [money] NULL,
	[Khoa] [uniqueidentifier] ROWGUIDCOL NOT NULL,
	[MaXa] [varchar](5) NULL,
 CONSTRAINT [PK_CongDan] PRIMARY KEY CLUSTERED ([MaDinhDanh] ASC)
 WITH (PAD_INDEX = OFF, IGNORE_DUP_KEY = OFF) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
GO
CREATE TABLE [dbo].[Xa]([Ma] [varchar](5) NOT NULL PRIMARY KEY, [Ten] [nvarchar](100) NOT NULL)
GO
ALTER TABLE [dbo].[CongDan] ADD  CONSTRAINT [DF_1]  DEFAULT ((0)) FOR [DaXoa]
GO
ALTER TABLE [dbo].[CongDan]  WITH CHECK ADD  CONSTRAINT [FK_Xa] FOREIGN KEY([MaXa])
REFERENCES [dbo].[Xa] ([Ma])
GO
ALTER TABLE [dbo].[CongDan] CHECK CONSTRAINT [FK_Xa]
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'Họ và tên' , @level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'TABLE',@level1name=N'CongDan', @level2type=N'COLUMN',@level2name=N'HoTen'
GO
)sql",
                             "QLDC.sql");
    EXPECT_EQ(office.imported.datasets, (std::vector<std::string>{"qldc.congdan", "qldc.xa"}));
    EXPECT_EQ(key_of(office.table("congdan")), "madinhdanh");
    EXPECT_EQ(office.column("congdan", "madinhdanh").title.vi, "MaDinhDanh");
    EXPECT_EQ(office.column("congdan", "madinhdanh").options.max_length, 12);
    EXPECT_FALSE(office.column("congdan", "hoten").options.max_length.has_value());
    EXPECT_EQ(office.column("congdan", "hoten").title.vi, "Họ và tên");
    EXPECT_EQ(office.column("congdan", "daxoa").type, LogicalType::kBoolean);
    EXPECT_EQ(office.column("congdan", "sotien").physical_type, "DECIMAL(19,4)");
    EXPECT_EQ(office.column("congdan", "khoa").options.format, "uuid");
    EXPECT_EQ(office.column("congdan", "maxa").reference->column, "ma");
    EXPECT_THAT(office.notes(), HasSubstr("left out: CONSTRAINT DF_1 DEFAULT"));
}

TEST(Import, OracleWithVarchar2AndCompositeKeys) {
    const Made office = made(R"sql(
CREATE TABLE QLHC.THUA_DAT (
  SO_TO NUMBER(4) NOT NULL ENABLE,
  SO_THUA NUMBER(6,0) NOT NULL ENABLE,
  DIEN_TICH NUMBER(12,1) CONSTRAINT DT CHECK (DIEN_TICH > 0),
  LOAI VARCHAR2(10 CHAR) CHECK (LOAI IN ('ODT', 'CLN')),
  NGAY DATE DEFAULT SYSDATE,
  MA VARCHAR2(12) CHECK (REGEXP_LIKE(MA, '^[0-9]{12}$')),
  TEN NVARCHAR2(50) CHECK (LENGTH(TEN) BETWEEN 2 AND 50),
  CONSTRAINT PK PRIMARY KEY (SO_TO, SO_THUA) USING INDEX TABLESPACE USERS ENABLE
) SEGMENT CREATION IMMEDIATE TABLESPACE USERS;
CREATE TABLE QLHC.CHU (
  ID NUMBER GENERATED ALWAYS AS IDENTITY,
  SO_TO NUMBER(4), SO_THUA NUMBER(6),
  CONSTRAINT FK FOREIGN KEY (SO_TO, SO_THUA) REFERENCES QLHC.THUA_DAT
);
COMMENT ON COLUMN QLHC.THUA_DAT.DIEN_TICH IS 'Diện tích (m2)';
)sql");
    EXPECT_EQ(key_of(office.table("thua_dat")), "so_to,so_thua");
    EXPECT_EQ(office.column("thua_dat", "so_to").type, LogicalType::kInteger);
    EXPECT_EQ(office.column("thua_dat", "dien_tich").physical_type, "DECIMAL(12,1)");
    EXPECT_EQ(office.column("thua_dat", "dien_tich").options.exclusive_minimum, "0");
    EXPECT_EQ(office.column("thua_dat", "dien_tich").title.vi, "Diện tích (m2)");
    EXPECT_EQ(office.column("thua_dat", "loai").options.max_length, 10);
    EXPECT_EQ(office.column("thua_dat", "loai").enumeration.size(), 2U);
    EXPECT_EQ(office.column("thua_dat", "ma").options.pattern, "[0-9]{12}");
    EXPECT_EQ(office.column("thua_dat", "ten").options.min_length, 2);
    ASSERT_EQ(office.table("chu").foreign_keys.size(), 1U);
    EXPECT_EQ(office.table("chu").foreign_keys[0].target_columns,
              (std::vector<std::string>{"so_to", "so_thua"}));
}

// Goal: nothing of a table gets lost unsaid. Method: things that no contract can hold.
TEST(Import, WhatIsNotUnderstoodIsNamedWithItsLine) {
    const Made office = made(
        "CREATE TABLE a (\n  x int,\n  y hstore,\n  z int WITH MAGIC 5,\n"
        "  CHECK (other_function(x) > 1),\n  b int REFERENCES nowhere(id)\n);\n"
        "CREATE TABLE a (q int);\nALTER TABLE ghost ADD PRIMARY KEY (x);\n");
    const std::string notes = office.notes();
    EXPECT_THAT(notes, HasSubstr("3 a.y: the type \"hstore\" is kept as text"));
    EXPECT_THAT(notes, HasSubstr("4 a.z: left out: WITH"));
    EXPECT_THAT(notes, HasSubstr("4 a.z: left out: MAGIC"));
    EXPECT_THAT(notes, HasSubstr("6 a: the reference to \"nowhere\" is left out"));
    EXPECT_THAT(notes, HasSubstr("8 a: the table \"a\" is above already"));
    EXPECT_THAT(notes, HasSubstr("9 ghost: left out: ALTER TABLE ghost"));
}

TEST(Import, NamesThatTheEngineKeepsAndNamesThatMeet) {
    const Made office =
        made("create table \"Số liệu\" (\"Mã\" int, ma int, rowid int, \"1st\" int);", "main.sql");
    EXPECT_EQ(office.imported.datasets, std::vector<std::string>{"main_data.so_lieu"});
    const contract::Dataset& table = office.table("so_lieu");
    ASSERT_EQ(table.columns.size(), 4U);
    EXPECT_EQ(table.columns[0].name, "ma");
    EXPECT_EQ(table.columns[1].name, "ma_2");
    EXPECT_EQ(table.columns[2].name, "source_rowid");
    EXPECT_EQ(table.columns[3].name, "c_1st");
    EXPECT_EQ(table.columns[0].title.vi, "Mã");
}

TEST(Import, WhatIsNoneOfTheseIsRefusedWithWhatToDo) {
    for (const std::string_view text :
         {"", "a,b\n1,2\n", "{}", "[1]", "{\"fields\": 5}", "select 1", "create table",
          "create table t ()", "{\"resources\": []}", "{\"@context\": 1}", "\xFF\xFE"}) {
        ImportRequest request;
        request.bytes = text;
        request.file = "x";
        const auto imported = import_contract(request);
        ASSERT_FALSE(imported.has_value()) << text;
        EXPECT_EQ(imported.error().code, Code::kInvalid) << text;
        EXPECT_FALSE(imported.error().fix.vi.empty()) << text;
    }
    ImportRequest open;
    open.bytes = "create table t (\n a text default 'x\n);";
    open.file = "x.sql";
    EXPECT_THAT(import_contract(open).error().detail.en, HasSubstr("Line 2"));
}

// Goal: a rule that no node can run does not stop the import. Method: the check refuses one of two.
TEST(Import, WhatTheCheckRefusesIsLeftOutAndNamed) {
    ImportRequest request;
    request.bytes =
        "create table t (a int, b int, check (a <> b or a = 1), check (a + b > 2 or a = 3));";
    request.file = "t.sql";
    request.check = [](const contract::Dataset& dataset, const std::string& file) -> Result<void> {
        for (const contract::Rule& rule : dataset.rules) {
            if (rule.expression.find("a <> b") == std::string::npos) continue;
            Error error;
            error.code = Code::kInvalid;
            error.errors.push_back({file, 1, 1, rule.at.path, {"không chạy", "does not run"}, {}});
            return std::unexpected(error);
        }
        return {};
    };
    const auto imported = import_contract(request);
    ASSERT_TRUE(imported.has_value());
    EXPECT_EQ(parsed(imported->yaml).datasets[0].rules.size(), 1U);
    EXPECT_THAT(imported->notes.back().what.en, HasSubstr("does not run"));
}

// Goal: what we write we read. Method: export, import, compare the columns, their types and keys.
TEST(Import, TableSchemaComesBackTheSame) {
    const contract::Contract before = parsed(testing::kOffice);
    const Made after = made(written(Form::kTableSchema, before, "person"), "p.json");
    EXPECT_EQ(after.imported.from, Source::kTableSchema);
    EXPECT_EQ(after.imported.datasets, std::vector<std::string>{"office.person"});
    contract::Dataset expected = before.datasets[1];
    // A bare schema has no unit beside it, no access, no level, no rules.
    expected.access = contract::Access::kInternal;
    expected.level = 1;
    expected.subject.clear();
    expected.rules.clear();
    expected.column("phone");
    for (Column& column : expected.columns) {
        if (column.name == "phone") column.options.pattern = "0[0-9]{9}|[+]84[0-9]{9}";
    }
    std::string all;
    for (const auto& one : contract::compare(expected, after.table("person")))
        all += one.path + ": " + one.what.en + "\n";
    EXPECT_EQ(all, "") << after.imported.yaml;
}

TEST(Import, CsvwComesBackTheSame) {
    const contract::Contract before = parsed(testing::kOffice);
    const Made after = made(written(Form::kCsvw, before, "person"), "p.json");
    EXPECT_EQ(after.imported.from, Source::kCsvw);
    EXPECT_EQ(after.imported.datasets, (std::vector<std::string>{"office.person", "office.unit"}));
    for (const contract::Dataset& expected : before.datasets) {
        const contract::Dataset& found = after.table(expected.schema);
        EXPECT_EQ(key_of(found), key_of(expected));
        ASSERT_EQ(found.columns.size(), expected.columns.size());
        for (std::size_t i = 0; i < found.columns.size(); ++i) {
            const Column &one = expected.columns[i], &other = found.columns[i];
            EXPECT_EQ(other.name, one.name);
            EXPECT_EQ(other.type, one.type) << one.name;
            EXPECT_EQ(other.required, one.required) << one.name;
            EXPECT_EQ(other.title.vi, one.title.vi) << one.name;
            EXPECT_EQ(other.options.minimum, one.options.minimum) << one.name;
            EXPECT_EQ(other.enumeration.size(), one.enumeration.size()) << one.name;
        }
    }
    EXPECT_EQ(after.column("person", "sex").enumeration[0].label.en, "Male");
    ASSERT_EQ(after.table("person").foreign_keys.size(), 1U);
    EXPECT_EQ(after.table("person").foreign_keys[0].dataset, "office.unit");
    EXPECT_EQ(after.column("person", "chief").reference->column, "citizen_id");
}

TEST(Import, DataPackageOfAnotherProgram) {
    const Made office = made(R"json({
  "name": "Ho-So 2025", "title": "Hồ sơ",
  "resources": [
    {"name": "units", "path": "data/units.csv", "schema": {
      "fields": [{"name": "Mã", "type": "string"}, {"name": "opened", "type": "date", "format": "%d/%m/%Y"},
                 {"name": "when", "type": "date", "format": "%B %Y"},
                 {"name": "size", "type": "number", "decimalChar": ","},
                 {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"], "pattern": "(?=x)a"}},
                 {"name": "shape", "type": "geojson"},
                 {"name": "spread", "type": "number", "groupChar": " "}],
      "primaryKey": "Mã", "missingValues": ["", "N/A"]}},
    {"name": "visits", "schema": {
      "fields": [{"name": "unit", "type": "string"}, {"name": "n", "type": "integer", "constraints": {"minimum": 1}}],
      "foreignKeys": [{"fields": "unit", "reference": {"resource": "units", "fields": "Mã"}},
                      {"fields": "n", "reference": {"resource": "nothing", "fields": "x"}}]}},
    {"name": "remote", "schema": "https://example.vn/schema.json"}]})json",
                             "datapackage.json");
    EXPECT_EQ(office.imported.datasets,
              (std::vector<std::string>{"ho_so_2025.units", "ho_so_2025.visits"}));
    EXPECT_EQ(key_of(office.table("units")), "ma");
    EXPECT_EQ(office.column("units", "opened").options.format, "dd/MM/yyyy");
    EXPECT_EQ(office.column("units", "when").type, LogicalType::kString);
    EXPECT_EQ(office.column("visits", "unit").reference->dataset, "ho_so_2025.units");
    const std::string notes = office.notes();
    EXPECT_THAT(notes, HasSubstr("fields[2].format: dates written as \"%B %Y\""));
    EXPECT_EQ(office.column("units", "size").decimal, ',');
    EXPECT_THAT(notes, HasSubstr("fields[6].groupChar"));
    EXPECT_THAT(notes, HasSubstr("\"N/A\" is read as a value"));
    EXPECT_THAT(notes, HasSubstr("logicalTypeOptions.pattern: left out"));
    EXPECT_THAT(notes, HasSubstr("foreignKeys[1]: this reference is left out"));
    EXPECT_THAT(notes, HasSubstr("resources[2]: left out"));
}

}  // namespace
}  // namespace nguon::forms
