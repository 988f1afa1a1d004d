

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0002_initial'),
        ('register', '0002_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_id', models.CharField(max_length=250, unique=True)),
                ('title', models.CharField(max_length=250)),
                ('open', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='FieldAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120)),
                ('username', models.CharField(max_length=60, unique=True)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('ha1', models.CharField(max_length=32)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='field_accesses', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(blank=True, max_length=250)),
                ('title', models.CharField(max_length=250)),
                ('state', models.CharField(choices=[('draft', 'Brouillon'), ('published', 'Publiée'), ('superseded', 'Remplacée')], default='draft', max_length=20)),
                ('xform_sha256', models.CharField(max_length=64)),
                ('xform_md5', models.CharField(max_length=32)),
                ('schema', models.JSONField(default=dict)),
                ('warnings', models.JSONField(default=list)),
                ('checked_by', models.CharField(blank=True, max_length=60)),
                ('encrypted', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='collect.form')),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='collect.upload')),
            ],
        ),
        migrations.CreateModel(
            name='FormMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=250)),
                ('sha256', models.CharField(max_length=64)),
                ('md5', models.CharField(max_length=32)),
                ('size', models.PositiveBigIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='collect.formversion')),
            ],
        ),
        migrations.CreateModel(
            name='PullSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kobo', 'KoboToolbox'), ('central', 'ODK Central')], max_length=20)),
                ('server', models.URLField(max_length=250)),
                ('project', models.CharField(blank=True, max_length=60)),
                ('remote_form', models.CharField(max_length=250)),
                ('cursor', models.JSONField(default=dict)),
                ('pulled_at', models.DateTimeField(null=True)),
                ('form', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pull_sources', to='collect.form')),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instance_id', models.CharField(max_length=250)),
                ('root_instance_id', models.CharField(max_length=250)),
                ('deprecated_id', models.CharField(blank=True, max_length=250)),
                ('raw_sha256', models.CharField(max_length=64)),
                ('answers', models.JSONField(default=dict)),
                ('complete', models.BooleanField(default=True)),
                ('encrypted', models.BooleanField(default=False)),
                ('expected', models.JSONField(default=list)),
                ('source', models.CharField(choices=[('openrosa', 'Téléphone'), ('web', 'Navigateur'), ('kobo', 'KoboToolbox'), ('central', 'ODK Central')], default='openrosa', max_length=20)),
                ('device_id', models.CharField(blank=True, max_length=250)),
                ('received_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('review_state', models.CharField(choices=[('received', 'Reçue'), ('in_review', 'En vérification'), ('validated', 'Validée'), ('rejected', 'Rejetée'), ('triangulated', 'Triangulée'), ('unfounded', 'Infondée')], default='received', max_length=20)),
                ('review_reason', models.TextField(blank=True)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='collect.form')),
                ('form_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='collect.formversion')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.place')),
                ('superseded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supersedes', to='collect.submission')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=250)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(blank=True, max_length=120)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='collect.submission')),
            ],
        ),
        migrations.CreateModel(
            name='SubmissionReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('received', 'Reçue'), ('in_review', 'En vérification'), ('validated', 'Validée'), ('rejected', 'Rejetée'), ('triangulated', 'Triangulée'), ('unfounded', 'Infondée')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='collect.submission')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.UniqueConstraint(fields=('form', 'version'), name='one_definition_per_version'),
        ),
        migrations.AddConstraint(
            model_name='formversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('form',), name='one_published_version_per_form'),
        ),
        migrations.AddConstraint(
            model_name='formmedia',
            constraint=models.UniqueConstraint(fields=('version', 'filename'), name='one_medium_per_name'),
        ),
        migrations.AddConstraint(
            model_name='pullsource',
            constraint=models.UniqueConstraint(fields=('kind', 'server', 'project', 'remote_form'), name='one_source_per_form'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['form', 'root_instance_id'], name='collect_sub_form_id_ec3a7c_idx'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['form', 'deprecated_id'], name='collect_sub_form_id_8173b6_idx'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['form', 'review_state', 'received_at'], name='collect_sub_form_id_519e42_idx'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('form', 'instance_id'), name='one_submission_per_instance'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('submission', 'filename', 'sha256'), name='one_attachment_per_content'),
        ),
    ]
