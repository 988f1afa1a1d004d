"""The release flow: states, drafts, approvals by two people. What was published before keeps standing."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def tell_states(apps, schema_editor):
    """The release last published stands, those before it are superseded, the others wait for two approvals."""
    Release = apps.get_model("web", "Release")
    published = Release.objects.exclude(published_at=None).order_by("-published_at", "-pk")
    for number, release in enumerate(published):
        release.state = "superseded" if number else "published"
        release.state_at = release.published_at
        release.save(update_fields=["state", "state_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('curate', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('web', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(model_name='release', old_name='approved_by', new_name='proposed_by'),
        migrations.AddField(
            model_name='release',
            name='state',
            field=models.CharField(choices=[('preview', 'À relire'), ('approved', 'Approuvée'), ('signed', 'Signée'), ('published', 'En ligne'), ('superseded', 'Remplacée'), ('withdrawn', 'Retirée')], default='preview', max_length=12),
        ),
        migrations.AddField(
            model_name='release',
            name='state_at',
            field=models.DateTimeField(auto_now_add=True, default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='release',
            name='against',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='web.release'),
        ),
        migrations.RunPython(tell_states, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('state',), name='one_release_stands'),
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('gate', 'Au contrôle'), ('passed', 'Passé'), ('refused', 'Refusé'), ('stopped', 'Interrompu')], default='gate', max_length=12)),
                ('state_at', models.DateTimeField(auto_now_add=True)),
                ('options', models.JSONField(default=dict)),
                ('reasons', models.JSONField(default=list)),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='web.release')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='curate.snapshot')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('void', models.BooleanField(default=False)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='web.release')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('void', False)), fields=('release', 'user'), name='one_approval_a_person')],
            },
        ),
    ]
