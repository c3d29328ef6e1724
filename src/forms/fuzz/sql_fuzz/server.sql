CREATE TABLE [dbo].[C]([M] [nvarchar](max) NULL, CONSTRAINT [P] PRIMARY KEY CLUSTERED ([M] ASC)) ON [PRIMARY]
GO
ALTER TABLE [dbo].[C] WITH CHECK ADD FOREIGN KEY([M]) REFERENCES [dbo].[C] ([M])
GO
EXEC sp_addextendedproperty N'MS_Description', N'd', 'SCHEMA', N'dbo', 'TABLE', N'C', 'COLUMN', N'M'
